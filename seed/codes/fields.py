#!/usr/bin/env python3
"""Cuts the national field names that the forms, the register and the settlement use out of the transcribed interface:
../fields.csv.

usage: fields.py INTERFACE-FIELDS.CSV > ../fields.csv

The input has the columns infno, name_cn, node_caption, seq, field, label_cn, type, length, is_coded, required, note. A
field stands once, with the label of its first transaction, its greatest length, and all transactions that carry it.
"""
import csv
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = "Hunan interface spec V1.1.27 (2024-10-14)"
# Beside the fields of the forms: names of the register and of the settlement.
ALSO = """psn_no psn_insu_stas insuplc_admdvs medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt
act_pay_dedc hifp_pay hifmi_pay maf_pay oth_pay fund_pay_sumamt psn_part_amt setl_id""".split()


def used():
    ids = set(ALSO)
    for form in sorted((ROOT / "forms").glob("*.toml")):
        ids.update(re.findall(r'^id = "([a-z0-9_]+)"', form.read_text(encoding="utf-8"), re.M))
    return ids


def main():
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted, found = used(), {}
    for row in rows:
        if row["field"] in wanted:
            found.setdefault(row["field"], []).append(row)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["field", "label", "type", "length", "transactions", "source"])
    for field, uses in sorted(found.items()):
        # The envelope cuts names short that the transactions carry in full.
        own = [use for use in uses if use["infno"] != "ENVELOPE"] or uses
        widest = max(own, key=lambda use: int(use["length"]) if use["length"].isdigit() else 0)
        numbers = sorted({use["infno"] for use in own})
        out.writerow([field, own[0]["label_cn"], own[0]["type"], widest["length"], " ".join(numbers), SOURCE])


if __name__ == "__main__":
    main()
