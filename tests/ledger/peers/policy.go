// The policy of a log (C2SP tlog-policy) and the verifiers that it names, for golang.org/x/mod/sumdb/note.

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const cosignatureEd25519 = 4 // C2SP tlog-cosignature: the type byte of an Ed25519 witness key

// cosigner is an Ed25519 witness: note.Verifier for signatures that start with the time of signing.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("no vkey: %q", vkey)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureEd25519 {
		return nil, fmt.Errorf("no Ed25519 cosignature key: %q", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return nil, fmt.Errorf("key id of %q is not its hash", vkey)
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

type group struct {
	needed  int
	members []string
}

// policy says which logs are accepted and whose cosignatures a checkpoint needs.
type policy struct {
	logs      map[string]bool // by vkey
	witnesses map[string]*cosigner
	groups    map[string]group
	inGroup   map[string]bool
	quorum    string
}

func parsePolicy(text []byte) (*policy, error) {
	p := &policy{map[string]bool{}, map[string]*cosigner{}, map[string]group{}, map[string]bool{}, ""}
	for i, line := range strings.Split(string(text), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := p.take(words); err != nil {
			return nil, fmt.Errorf("line %d: %v", i+1, err)
		}
	}
	if p.quorum == "" {
		return nil, fmt.Errorf("no quorum line")
	}
	return p, nil
}

func (p *policy) take(words []string) error {
	switch {
	case words[0] == "log" && (len(words) == 2 || len(words) == 3):
		if _, err := note.NewVerifier(words[1]); err != nil {
			return err
		}
		p.logs[words[1]] = true
	case words[0] == "witness" && (len(words) == 3 || len(words) == 4):
		return p.takeWitness(words[1], words[2])
	case words[0] == "group" && len(words) >= 4:
		return p.takeGroup(words[1], words[2], words[3:])
	case words[0] == "quorum" && len(words) == 2 && p.quorum == "":
		if words[1] != "none" && !p.knows(words[1]) {
			return fmt.Errorf("quorum of the unknown %q", words[1])
		}
		p.quorum = words[1]
	default:
		return fmt.Errorf("not understood: %q", words)
	}
	return nil
}

func (p *policy) takeWitness(name, vkey string) error {
	witness, err := newCosigner(vkey)
	if err != nil {
		return err
	}
	for _, other := range p.witnesses {
		if bytes.Equal(other.key, witness.key) {
			return fmt.Errorf("two witnesses with one key: %q", name)
		}
	}
	if name == "none" || p.knows(name) {
		return fmt.Errorf("name taken: %q", name)
	}
	p.witnesses[name] = witness
	return nil
}

func (p *policy) takeGroup(name, threshold string, members []string) error {
	if name == "none" || p.knows(name) {
		return fmt.Errorf("name taken: %q", name)
	}
	needed, err := strconv.Atoi(threshold)
	switch threshold {
	case "any":
		needed, err = 1, nil
	case "all":
		needed, err = len(members), nil
	}
	if err != nil || needed < 1 || needed > len(members) {
		return fmt.Errorf("threshold %q of %d", threshold, len(members))
	}
	for _, member := range members {
		if !p.knows(member) || p.inGroup[member] {
			return fmt.Errorf("member %q is unknown or has a group already", member)
		}
		p.inGroup[member] = true
	}
	p.groups[name] = group{needed, members}
	return nil
}

func (p *policy) knows(name string) bool {
	_, isGroup := p.groups[name]
	return isGroup || p.witnesses[name] != nil
}

// verifiers of the log and of every witness: a bad signature by any of them makes note.Open refuse the note.
func (p *policy) verifiers(log note.Verifier) note.Verifiers {
	list := []note.Verifier{log}
	for _, witness := range p.witnesses {
		list = append(list, witness)
	}
	return note.VerifierList(list...)
}

// satisfied says whether the signatures, which note.Open has verified, are enough for a member of the policy.
func (p *policy) satisfied(name string, sigs []note.Signature) bool {
	if name == "none" {
		return true
	}
	if witness := p.witnesses[name]; witness != nil {
		for _, sig := range sigs {
			if sig.Name == witness.name && sig.Hash == witness.hash {
				return true
			}
		}
		return false
	}
	count := 0
	for _, member := range p.groups[name].members {
		if p.satisfied(member, sigs) {
			count++
		}
	}
	return count >= p.groups[name].needed
}
