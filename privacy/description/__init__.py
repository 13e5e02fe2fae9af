"""The register description (GDPR Arts. 13-14) and the record of processing (Art. 30).

Both are put together from the declarations, the controller's settings and the register's recipients
and processors (`notice`, `record`), in three languages; what was published stays as it was.
"""
