"""Days: the civil calendar, business days, periods, and how one day follows from another."""
