#!/usr/bin/env python3
"""Cuts the tables that the forms use out of the transcribed national list: national.csv.

usage: extract.py CODE-TABLES.CSV > national.csv

The input has the columns table, table_name_cn, code, label, source. Rows are put into code order, ethnic groups get
the two digits of GB/T 3304, and the values that a Guangxi window sees mostly are marked. Labels stay as transcribed
but for the slips listed here.
"""
import csv
import sys

COMMON = {
    "gend": "1 2",
    "naty": "01 08 06 13 12 32 36 25 37 49 07 03",
    "psn_cert_type": "01 04 05 06 07 08 17 990201",
    "psn_type": "15 16 1401 1402 1403 1404 1405",
    "patn_rlts": "01 02 10 20 30 38 28 40 41 42 50 51 52 61 62",
    "psn_idet_type": "2303 2304 2305 2306 2307 2308 2302 31 32 36",
    "agnter_rlts": "1 2 4 5 7 8 9",
    "bank_type_code": "102 103 104 105 314 320 402 403",
    "insutype": "310 380 390 391",
    "med_type": "11 13 14 22 52 1301 2101 2102 2109 9901 9903",
    "dedc_hosp_lv": "1 2 3",
    "chrgitm_lv": "01 02 03",
    "med_chrgitm_type": "01 02 03 04 05 06 07 08 09 10 11 12 13 14",
    "psn_insu_stas": "0 1 2 3 4",
    "hosp_lv": "2 3 5 6 8 9 11",
    "refl_type": "1 2 3",
    "hosp_agre_refl_flag": "0 1",
    "biz_appy_type": "01 03 04 06 07 08",
    "dscg_way": "1 2 3 4 5 9",
}
SLIPS = {("psn_type", "1105"): "农民工"}
HEADER = ["table", "table_name_cn", "code", "label", "source", "valid_from", "valid_to", "common"]


def main():
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] in COMMON and row["code"]]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(HEADER)
    for table, common in COMMON.items():
        entries = []
        for row in rows:
            if row["table"] != table:
                continue
            code = row["code"].zfill(2) if table == "naty" else row["code"]
            label = SLIPS.get((table, code), row["label"].strip())
            mark = "1" if code in common.split() else "0"
            entries.append([table, row["table_name_cn"], code, label, row["source"], "", "", mark])
        if not entries:
            sys.exit(f"table {table} is missing in {sys.argv[1]}")
        missing = set(common.split()) - {entry[2] for entry in entries}
        if missing:
            sys.exit(f"table {table}: common codes {sorted(missing)} are not in the list")
        # As printed in the standards: short codes before long ones, family relations in their order.
        out.writerows(sorted(entries, key=lambda entry: (len(entry[2]), entry[2])))


if __name__ == "__main__":
    main()
