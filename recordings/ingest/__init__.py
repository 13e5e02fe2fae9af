"""Taking in what the telephone and mail systems drop: recordings with their call records, mail."""
