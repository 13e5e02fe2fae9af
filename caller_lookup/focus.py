"""Where the cursor goes when a form comes back with something wrong."""

from django import forms


def aim(form: forms.BaseForm, first: str = "") -> None:
    """Put the focus on the first field that is wrong, or on `first` where none is."""
    wrong = [name for name in form.fields if name in form.errors]
    for name, field in form.fields.items():
        field.widget.attrs.pop("autofocus", None)
        if name == (wrong[0] if wrong else first):
            field.widget.attrs["autofocus"] = True
