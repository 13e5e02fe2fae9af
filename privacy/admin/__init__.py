"""The register's own records on the staff's desk: recipients, disclosures, processors, countries,
breaches.
"""

from privacy.admin import breaches, disclosures, processors, recipients  # noqa: F401
