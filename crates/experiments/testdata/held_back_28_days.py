"""Makes held_back_28_days.csv from the Online Retail file (UCI id 352, Daqing Chen, CC BY 4.0).

python3 held_back_28_days.py online_retail_2010-12_2011-12.csv > held_back_28_days.csv
"""

import csv
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal

TODAY, LAST_DAY = date(2011, 11, 11), date(2011, 12, 9)

HEADER = """\
# Source: UCI Machine Learning Repository, Online Retail (id 352), Daqing Chen, licence CC BY 4.0 \
(https://creativecommons.org/licenses/by/4.0/).
# Changes: summarised per customer by held_back_28_days.py. The 4,112 people who bought on or before 2011-11-11, and \
what each did in the 28 days 2011-11-12..2011-12-09. Purchases: lines with a customer, a unit price above 0 and an \
invoice number not starting with C or A; order: invoice with such a line, dated by its earliest line; refunds: \
invoices starting with C, at their own date.
# Columns: customer; lapsing_regular 1 = last order more than 60 days before 2011-11-11 and at least 3 orders; buyer \
1 = at least one order in the 28 days; sales_pence = purchases minus refunds in the 28 days, GBP pence.
customer,lapsing_regular,buyer,sales_pence"""


def main(path):
    started, amounts, sales = {}, defaultdict(Decimal), defaultdict(Decimal)
    with open(path, encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            invoice, customer, price = line["InvoiceNo"], line["CustomerID"], Decimal(line["UnitPrice"])
            day = date.fromisoformat(line["InvoiceDate"][:10])
            amount = price * int(line["Quantity"])
            if not customer:
                continue
            if invoice.startswith("C"):
                sales[customer] += amount if TODAY < day <= LAST_DAY else 0
            elif not invoice.startswith("A") and price > 0:
                order = customer, invoice
                started[order] = min(started.get(order, day), day)
                amounts[order] += amount
    past, buyers = defaultdict(list), set()
    for (customer, invoice), day in started.items():
        if day <= TODAY:
            past[customer].append(day)
        elif day <= LAST_DAY:
            buyers.add(customer)
            sales[customer] += amounts[customer, invoice]
    print(HEADER)
    for customer, days in sorted(past.items()):
        lapsing = (TODAY - max(days)).days > 60 and len(days) >= 3
        print(customer, int(lapsing), int(customer in buyers), int(sales[customer] * 100), sep=",")


main(sys.argv[1])
