"""Makes song.ttf and hei.ttf from the two upstream fonts. Usage: make.py SERIF.ttf SANS.ttf OUTDIR

Song keeps every character of the upstream font; Hei keeps GB 2312, Latin and punctuation. Tables that a printed
page never reads (layout, vertical metrics, hinting) are dropped, and U+2611 (ticked box), which neither font has,
is composed from the font's own U+25A1 and U+2713. The output depends on the input only.
"""

import sys

from fontTools import subset
from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


def gb2312():
    chars = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                chars.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return chars


def ticked_box(font):
    cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
    box, tick = cmap[0x25A1], cmap[0x2713]
    bounds = {}
    for name in (box, tick):
        pen = BoundsPen(glyphs)
        glyphs[name].draw(pen)
        bounds[name] = pen.bounds
    bx0, by0, bx1, by1 = bounds[box]
    tx0, ty0, tx1, ty1 = bounds[tick]
    scale = 0.78 * min((bx1 - bx0) / (tx1 - tx0), (by1 - by0) / (ty1 - ty0))
    dx = (bx0 + bx1) / 2 - scale * (tx0 + tx1) / 2
    dy = (by0 + by1) / 2 - scale * (ty0 + ty1) / 2
    pen = TTGlyphPen(glyphs)
    glyphs[box].draw(pen)
    glyphs[tick].draw(TransformPen(pen, Transform(scale, 0, 0, scale, dx, dy)))
    name = "uni2611"
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    font["glyf"].glyphs[name] = pen.glyph()
    font["hmtx"].metrics[name] = font["hmtx"].metrics[box]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2611] = name


def make(source, target, family, unicodes):
    font = TTFont(source, recalcTimestamp=False)
    ticked_box(font)
    options = subset.Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "prep", "gasp", "DSIG"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    picker = subset.Subsetter(options)
    picker.populate(unicodes=unicodes or font.getBestCmap().keys())
    picker.subset(font)
    for record in font["name"].names:
        new = {1: family, 2: "Regular", 3: family, 4: family, 6: family.replace(" ", "")}.get(record.nameID)
        if new:
            record.string = new
    font.save(target)
    print(target, len(font.getBestCmap()), "characters")


LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | set(range(0x2010, 0x2070)) | {0x2103, 0x2116}
SHAPES = set(range(0x2460, 0x2480)) | {0x25A0, 0x25A1, 0x25CB, 0x25CF, 0x2611, 0x2713, 0x221A, 0x3007}
PUNCTUATION = set(range(0x3000, 0x3040)) | set(range(0xFF00, 0xFFF0))

make(sys.argv[1], sys.argv[3] + "/song.ttf", "Xiangbao Song", None)
make(sys.argv[2], sys.argv[3] + "/hei.ttf", "Xiangbao Hei", gb2312() | LATIN | SHAPES | PUNCTUATION)
