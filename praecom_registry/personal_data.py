"""Tables of other packages, and why they hold nothing of the register's."""

from datamap.declarations import declare_impersonal

declare_impersonal("account.*", because="Staff's sign-in e-mail addresses, no customer's.")
declare_impersonal("mfa.*", because="Staff's second factors.")
declare_impersonal("axes.*", because="Staff's failed sign-ins, for throttling.")
declare_impersonal("admin.*", because="Staff's actions by key; its rows are not written here.")
declare_impersonal("auth.*", because="Roles and permissions.")
declare_impersonal("contenttypes.*", because="Names of models.")
declare_impersonal("sessions.*", because="Staff's sessions.")
declare_impersonal("auditlog.*", because="Replaced by audit.LogEntry; its table does not exist.")
declare_impersonal("procrastinate.*", because="Jobs; their arguments are keys, never data.")
