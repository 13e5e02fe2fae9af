"""Staff are not in the register: their accounts are under employment, not customer, rules."""

from datamap.declarations import declare_impersonal

declare_impersonal("accounts.*", because="Staff accounts; no customer's data.")
