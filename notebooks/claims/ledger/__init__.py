"""The ledger as objects: claims, periods, the interval each figure stands for, and other readings of it."""
