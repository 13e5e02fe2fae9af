"""What the rules of offers and orders let through: lines that the engine erases with their whole.

The rules of `contracts.database_rules` are about changes that people make; a document that has had
its time goes with its lines, and nobody adds them up once more.
"""

_DOCUMENTS = ("offer", "order")

OPEN = "".join(
    f"""
DROP TRIGGER line_rule ON contracts_{document}line;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE ON contracts_{document}line
    FOR EACH ROW EXECUTE FUNCTION contracts_{document}_line_rule();
CREATE TRIGGER line_goes_rule BEFORE DELETE ON contracts_{document}line
    FOR EACH ROW WHEN (NOT audit_is_erasing())
    EXECUTE FUNCTION contracts_{document}_line_rule();

DROP TRIGGER totals_delete ON contracts_{document}line;
CREATE TRIGGER totals_delete AFTER DELETE ON contracts_{document}line
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT WHEN (NOT audit_is_erasing())
    EXECUTE FUNCTION contracts_{document}line_totals_delete();
"""
    for document in _DOCUMENTS
)
CLOSE = "".join(
    f"""
DROP TRIGGER totals_delete ON contracts_{document}line;
CREATE TRIGGER totals_delete AFTER DELETE ON contracts_{document}line
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
    EXECUTE FUNCTION contracts_{document}line_totals_delete();

DROP TRIGGER line_goes_rule ON contracts_{document}line;
DROP TRIGGER line_rule ON contracts_{document}line;
CREATE TRIGGER line_rule BEFORE INSERT OR UPDATE OR DELETE ON contracts_{document}line
    FOR EACH ROW EXECUTE FUNCTION contracts_{document}_line_rule();
"""
    for document in _DOCUMENTS
)
