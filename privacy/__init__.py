"""What the GDPR asks of the register: requests, reports, records, and their deadlines."""
