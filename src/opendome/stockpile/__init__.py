"""Inventories, orders, production lines, lead times, licences and transfers between owners, month by month.

Every round is in stock, fired, expired or on the way. Rounds are whole; within a month, arrivals come first, then
production, transfers, uses, and what has grown too old. docs/models/stockpile.md says how.
"""
