// Verify verifies a published log with golang.org/x/mod/sumdb/note and sumdb/tlog: `verify DIR`.
//
// DIR holds checkpoint, tile/, policy, vkey, receipts/*.tlog-proof and checkpoints/<size>. It prints what was verified
// and exits 0, or prints one line "refused: ..." for each thing it refuses and exits 1.
//
// Build with GO111MODULE=off and GOPATH where Debian puts the sources of golang-golang-x-mod-dev: /usr/share/gocode.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height    = 8
	fullWidth = 1 << height
)

// Domain prefixes of the commitments, by the type of the leaf.
var prefixes = map[string]string{"r": "desk/receipt/v1\x00", "o": "desk/outcome/v1\x00"}

// published is the directory of a log, and reads its tiles for tlog.TileHashReader.
type published string

func (dir published) Height() int                     { return height }
func (dir published) SaveTiles([]tlog.Tile, [][]byte) {}

func (dir published) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, err := dir.tile(tile)
		if os.IsNotExist(err) && tile.W < fullWidth { // C2SP tlog-tiles: a partial tile may give way to its full one
			full := tile
			full.W = fullWidth
			data, err = dir.tile(full)
		}
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", path(tile))
		}
		all[i] = data[:tile.W*tlog.HashSize]
	}
	return all, nil
}

func (dir published) tile(tile tlog.Tile) ([]byte, error) { return dir.file(path(tile)) }
func (dir published) file(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(dir), name))
}

// path of a tile in C2SP tlog-tiles: Go's path without the height, and "entries" for "data".
func path(tile tlog.Tile) string {
	short := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
	return strings.Replace(short, "tile/data/", "tile/entries/", 1)
}

// audit is one run over a log: what is trusted, what was read, what was refused.
type audit struct {
	dir     published
	log     note.Verifier
	policy  *policy
	head    tlog.Tree
	entries [][]byte
	refused []string
}

func (a *audit) refuse(what string, err error) {
	if err != nil {
		a.refused = append(a.refused, fmt.Sprintf("refused: %s: %v", what, err))
	}
}

// trust reads the log's key and the policy, which must name it.
func (a *audit) trust() error {
	vkey, err := a.dir.file("vkey")
	if err != nil {
		return err
	}
	if a.log, err = note.NewVerifier(strings.TrimSpace(string(vkey))); err != nil {
		return err
	}
	text, err := a.dir.file("policy")
	if err != nil {
		return err
	}
	if a.policy, err = parsePolicy(text); err != nil {
		return err
	}
	if !a.policy.logs[strings.TrimSpace(string(vkey))] {
		return fmt.Errorf("the policy does not name the log's key")
	}
	return nil
}

// open verifies a checkpoint: the log's signature, no bad one by a witness we know, and on demand the quorum.
func (a *audit) open(msg []byte, quorum bool) (tree tlog.Tree, err error) {
	opened, err := note.Open(msg, a.policy.verifiers(a.log))
	if err != nil {
		return tree, err
	}
	byLog := false
	for _, sig := range opened.Sigs {
		byLog = byLog || sig.Name == a.log.Name() && sig.Hash == a.log.KeyHash()
	}
	if !byLog {
		return tree, fmt.Errorf("not signed by the log")
	}
	if quorum && !a.policy.satisfied(a.policy.quorum, opened.Sigs) {
		return tree, fmt.Errorf("the policy's quorum is not met")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != a.log.Name() {
		return tree, fmt.Errorf("not three lines, or another origin")
	}
	if tree.N, err = number(lines[1]); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && (n < 0 || strconv.FormatInt(n, 10) != text) {
		err = fmt.Errorf("not a plain decimal: %q", text)
	}
	return n, err
}

// readEntries reads every entry bundle of the newest tree.
func (a *audit) readEntries() error {
	for n := int64(0); n*fullWidth < a.head.N; n++ {
		width := a.head.N - n*fullWidth
		if width > fullWidth {
			width = fullWidth
		}
		bundle := tlog.Tile{H: height, L: -1, N: n, W: int(width)}
		data, err := a.dir.tile(bundle)
		if err != nil {
			return err
		}
		found, err := split(data)
		if err != nil || len(found) != int(width) {
			return fmt.Errorf("%s: %d entries, not %d: %v", path(bundle), len(found), width, err)
		}
		a.entries = append(a.entries, found...)
	}
	return nil
}

func split(data []byte) (entries [][]byte, err error) {
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
			return nil, fmt.Errorf("truncated")
		}
		end := 2 + int(data[0])<<8 + int(data[1])
		entries, data = append(entries, data[2:end]), data[end:]
	}
	return entries, nil
}

// recompute hashes every entry, and compares the tree hash and each tile of the newest tree with the result.
func (a *audit) recompute() (tiles int, err error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, entry := range a.entries {
		hashes, err := tlog.StoredHashes(int64(n), entry, reader)
		if err != nil {
			return 0, err
		}
		stored = append(stored, hashes...)
	}
	if root, err := treeHash(a.head.N, reader); err != nil || root != a.head.Hash {
		return 0, fmt.Errorf("the entries hash to %v, not to the checkpoint's root: %v", root, err)
	}
	for _, tile := range widest(a.head.N) {
		want, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return tiles, err
		}
		if got, err := a.dir.tile(tile); err != nil || !bytes.Equal(got, want) {
			return tiles, fmt.Errorf("%s is not what the entries give: %v", path(tile), err)
		}
		tiles++
	}
	return tiles, nil
}

// treeHash is tlog.TreeHash, which this version of the package does not define for the empty tree.
func treeHash(n int64, reader tlog.HashReader) (tlog.Hash, error) {
	if n == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(n, reader)
}

// widest lists the tiles of a tree, leaving out the narrower forms of a partial one.
func widest(size int64) (tiles []tlog.Tile) {
	for _, tile := range tlog.NewTiles(height, 0, size) {
		last := len(tiles) - 1
		if last >= 0 && tiles[last].L == tile.L && tiles[last].N == tile.N {
			tiles = tiles[:last]
		}
		tiles = append(tiles, tile)
	}
	return tiles
}

// extends verifies that the newest tree continues an older one, and that the older one's tiles are still served.
func (a *audit) extends(old tlog.Tree) error {
	if old.N > a.head.N {
		return fmt.Errorf("size %d is beyond the newest, %d", old.N, a.head.N)
	}
	if root, err := treeHash(old.N, tlog.TileHashReader(old, a.dir)); err != nil || root != old.Hash {
		return fmt.Errorf("tiles of size %d: %v", old.N, err)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(a.head.N, old.N, tlog.TileHashReader(a.head, a.dir))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, a.head.N, a.head.Hash, old.N, old.Hash)
}

// receipt verifies a .tlog-proof file (C2SP tlog-proof).
func (a *audit) receipt(text []byte) error {
	parts := bytes.SplitN(text, []byte("\n\n"), 2)
	lines := strings.Split(string(parts[0]), "\n")
	if len(parts) != 2 || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a tlog-proof file")
	}
	lines, extra := lines[1:], ""
	if strings.HasPrefix(lines[0], "extra ") && len(lines) > 1 {
		lines, extra = lines[1:], lines[0][len("extra "):]
	}
	index, err := number(strings.TrimPrefix(lines[0], "index "))
	if err != nil || !strings.HasPrefix(lines[0], "index ") {
		return fmt.Errorf("no index line: %v", err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := a.open(parts[1], true)
	if err != nil {
		return err
	}
	leaf, err := a.leaf(extra, index)
	if err != nil {
		return err
	}
	if index >= tree.N {
		return fmt.Errorf("index %d is beyond the tree", index)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return err
	}
	return a.extends(tree)
}

// leaf gives the bytes that must be in the log: those of the extra line, whose commitment is opened, or else the entry.
func (a *audit) leaf(extra string, index int64) ([]byte, error) {
	if extra == "" {
		if index >= int64(len(a.entries)) {
			return nil, fmt.Errorf("no entry %d", index)
		}
		return a.entries[index], nil
	}
	text, err := base64.StdEncoding.Strict().DecodeString(extra)
	if err != nil {
		return nil, err
	}
	var told struct {
		Leaf, Opening json.RawMessage // kept as they stand: canonical JSON is hashed byte for byte
		Salt          string
	}
	if err := json.Unmarshal(text, &told); err != nil {
		return nil, err
	}
	var leaf struct{ C, T string }
	if err := json.Unmarshal(told.Leaf, &leaf); err != nil {
		return nil, err
	}
	salt, err := hex.DecodeString(told.Salt)
	if err != nil || len(salt) != sha256.Size || prefixes[leaf.T] == "" {
		return nil, fmt.Errorf("no salt of 32 bytes, or no receipt's leaf: %v", err)
	}
	commitment := hmac.New(sha256.New, salt)
	commitment.Write(append([]byte(prefixes[leaf.T]), told.Opening...))
	if hex.EncodeToString(commitment.Sum(nil)) != leaf.C {
		return nil, fmt.Errorf("the opening does not open the leaf's commitment")
	}
	return told.Leaf, nil
}

// each runs a check over the files of a pattern and counts those that were accepted.
func (a *audit) each(pattern string, check func(name string, text []byte) error) (accepted int) {
	names, _ := filepath.Glob(filepath.Join(string(a.dir), pattern))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			err = check(filepath.Base(name), text)
		}
		if a.refuse(filepath.Join(filepath.Dir(pattern), filepath.Base(name)), err); err == nil {
			accepted++
		}
	}
	return accepted
}

func (a *audit) older(name string, text []byte) error {
	tree, err := a.open(text, false) // an archived checkpoint may have been cosigned later
	if err == nil && name != strconv.FormatInt(tree.N, 10) {
		err = fmt.Errorf("holds size %d", tree.N)
	}
	if err == nil {
		err = a.extends(tree)
	}
	return err
}

func (a *audit) run() string {
	if err := a.trust(); err != nil {
		a.refuse("vkey or policy", err)
		return ""
	}
	text, err := a.dir.file("checkpoint")
	if err == nil {
		a.head, err = a.open(text, true)
	}
	if err != nil {
		a.refuse("checkpoint", err)
		return ""
	}
	tiles := 0
	if err = a.readEntries(); err == nil {
		tiles, err = a.recompute()
	}
	a.refuse("tiles", err)
	older := a.each("checkpoints/*", a.older)
	receipts := a.each("receipts/*.tlog-proof", func(_ string, text []byte) error { return a.receipt(text) })
	return fmt.Sprintf("size %d, %d tiles and %d entries recomputed, %d older checkpoints, %d proofs",
		a.head.N, tiles, len(a.entries), older, receipts)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: verify DIR")
		os.Exit(2)
	}
	a := &audit{dir: published(os.Args[1])}
	said := a.run()
	if len(a.refused) > 0 {
		fmt.Println(strings.Join(a.refused, "\n"))
		os.Exit(1)
	}
	fmt.Println(said)
}
