"""English words, names and abbreviations that are spelt like a Vietnamese syllable in telex keys ("moon", "tax")."""

_TELEX_LIKE = """
acs af air ais ajc ar as away ax bans bar bats baya bee beef been beeps beer bees bets bias bins bits boats bofa boo
boom boon boos boots bots bow bows box buju buns bus buys cair cams cans caps car cats chair chaos cheer chef cher
chew chews chips choir chops chow coats coax coo coon coons cops cow cows cox cups cuts cw dams das dawn days dee
deems deen deer defend dems der des dew dis docs does doj dojo doom door dos dots dow down downs duis dwn ef eos er
es ex gangs gaps gar gas gays gif gis goats goes goof goon goons gown gums guns guts guys hair hams hangs has hats
hawn hems her hes hex hips his hits hoax honjo hoon hoops hos how hur iaf if ins is its ix keen keeps kits laos las
laus lawn lawns lax lee lens lets liar lips loaf loans loo loom looms loon loons loops los lots low lows luis lungs
lux maj maps mar mats max maya mays meets mens mets mex mins mix mojang moms moon moons moor mows muir naps nee ner
nets neuf new news ngos nix noons noor nor now nuns nuts nw nws of ons oops ops or os own owns ox pacs pair pas pawn
pays pee peeps peer pens per pets pew pews phys piaf pins pits pix poops poor pops pots pow pows pox puns pus puts
queen queens queer quits rams rats rays reef rees reps rex rips roja roof room rooms roots rots row rowan rows runs
sachs sax says see seem seems seen seeps sees sens sets sew sewn sews sex sins sips sir sits six sofa songs sons
soon soons sos sow sox sums suns sus sux sw swns taj tanf taps tar tax taya tee teen teens tees tens tex thats thee
this thus tips toes toms tons too tops tots town towns tows trans traps trays tree trees trejo trips tris trojan
troops trots tur tux twa twas ufo ups ur us vans vas vax vee vets vos vow vows vox w wa war was wax wi won wong wu
yr
"""
TELEX_LIKE = frozenset(_TELEX_LIKE.split())
"""The words, in lower case."""
