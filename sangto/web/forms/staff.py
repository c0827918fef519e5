"""Forms of the staff pages: signing in, and writing one version of an answer with its sources."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sangto.desk import rules
from sangto.desk.actions import Content, Reference
from sangto.web.staff_wording import WRITING, said
from sangto.web.wording import VERDICTS

SOURCE_ROWS = 3
SOURCES_MAX = 30
TEXT_CHARS = 20_000
CONTENT_FIELDS = ("question", "verdict", "summary", "text", "change")
MISSING_SOMETHING = ("incomplete", "unknown_verdict", "no_source", "no_change_note")
FILL_IN = _("Fill this in.")
NOT_A_TEXT: dict[str, Any] = {
    "null_characters_not_allowed": _("There is a character in this text that cannot be shown. Type it again.")
}
NEEDED = {"required": FILL_IN, **NOT_A_TEXT}
BROKEN_ROWS = _("The rows of sources did not arrive as they were. Open this page again, then enter the sources.")
TOO_MANY_ROWS = ngettext_lazy(
    "An answer can cite at most %(num)d source.", "An answer can cite at most %(num)d sources.", "num"
)
TOO_FEW_ROWS = ngettext_lazy(
    "An answer has to cite at least %(num)d source.", "An answer has to cite at least %(num)d sources.", "num"
)
TO_FILL_IN = {"verdict": WRITING["unknown_verdict"], "change": WRITING["no_change_note"]}


def as_inputs(fields: Iterable[forms.Field]) -> None:
    """Give the fields the look of the desk's inputs."""
    for each in fields:
        each.widget.attrs["class"] = "input"


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("This login name and password do not belong together. Check both; capital letters count."),
        "inactive": _("This login name and password do not belong together. Check both; capital letters count."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Login name")
        self.fields["password"].label = _("Password")
        for each in self.fields.values():
            each.error_messages.update(NEEDED)
        as_inputs(self.fields.values())


class Lines(forms.CharField):
    """A longer text; browsers send line ends of two characters, and a text is compared and counted with one."""

    widget = forms.Textarea
    default_error_messages = NOT_A_TEXT

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class WritingForm(forms.Form):
    """One version. A draft may be incomplete, so nothing is required here; `submit` says what is missing."""

    question = Lines(label=_("Question, as the public reads it"), max_length=300, required=False)
    verdict = forms.ChoiceField(
        label=_("Verdict"), required=False, error_messages={"invalid_choice": WRITING["unknown_verdict"]}
    )
    summary = Lines(label=_("Answer in one sentence"), max_length=300, required=False)
    text = Lines(label=_("Answer in full"), max_length=TEXT_CHARS, required=False)
    change = Lines(
        label=_("What changes and why"),
        help_text=_("Public. It is sent to everybody who asked."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, kind: str, step: str = rules.PUBLISH, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "writing-%s", **kwargs})
        verdict = self.fields["verdict"]
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101 - declared above
        verdict.choices = [("", _("Choose")), *((code, VERDICTS[code]) for code in rules.VERDICTS[kind])]
        for name, rows in (("question", 2), ("summary", 2), ("text", 12), ("change", 3)):
            self.fields[name].widget.attrs["rows"] = rows
        as_inputs(self.fields.values())
        if not rules.needs_change_note(step):
            del self.fields["change"]
        if step == rules.WITHDRAW:
            self.fields = {"change": self.fields["change"]}


class SourceForm(forms.Form):
    title = forms.CharField(label=_("Title of the document"), max_length=300, error_messages=NEEDED)
    publisher = forms.CharField(label=_("Published by"), max_length=200, error_messages=NEEDED)
    url = forms.URLField(
        label=_("Web address"),
        max_length=1000,
        assume_scheme="https",
        error_messages={**NEEDED, "invalid": _("Give the full web address, as it stands in the browser.")},
    )
    dated_on = forms.DateField(
        label=_("Date of the document"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={**NEEDED, "invalid": _("Give the date as year, month and day, like 2026-11-30.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_inputs(self.fields.values())


class SourceRows(forms.BaseFormSet):  # type: ignore[type-arg]  # cannot be given at run time
    """Rows for sources. A row that is emptied drops its source; a row that is begun must be complete."""

    least_rows = SOURCE_ROWS
    default_error_messages = {
        "missing_management_form": BROKEN_ROWS,
        "too_many_forms": TOO_MANY_ROWS,
        "too_few_forms": TOO_FEW_ROWS,
    }

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def total_form_count(self) -> int:
        count = super().total_form_count()
        return count if self.is_bound else min(max(count, self.least_rows), SOURCES_MAX)


SourceFormSet = cast(
    "type[SourceRows]",
    forms.formset_factory(SourceForm, formset=SourceRows, extra=0, max_num=SOURCES_MAX, absolute_max=SOURCES_MAX),
)


class Writing:
    """A version's form and the rows of its sources, which are shown, checked and refused together.

    `began_from` is the hash of the content that the form was opened over; None when an older page did not say.
    """

    def __init__(self, form: WritingForm, sources: SourceRows, *, began_from: str | None = None) -> None:
        self.form = form
        self.sources = sources
        self.began_from = began_from

    @classmethod
    def typed(cls, data: Any, *, kind: str, step: str) -> "Writing":
        form = WritingForm(data, kind=kind, step=step)
        sources = SourceFormSet(data, prefix="sources", auto_id="writing-%s")
        return cls(form, sources, began_from=data.get("seen") or None)

    @classmethod
    def filled(
        cls, values: dict[str, Any], sources: Iterable[Any], *, kind: str, step: str, rows: int = 0
    ) -> "Writing":
        form = WritingForm(initial=values, kind=kind, step=step)
        formset = SourceFormSet(initial=list(sources), prefix="sources", auto_id="writing-%s")
        formset.least_rows = max(SOURCE_ROWS, rows)
        return cls(form, formset)

    def with_one_more_row(self, *, kind: str, step: str, more: int = 1) -> "Writing":
        """The same input, unchecked, with one more empty row."""
        rows = range(self.sources.total_form_count())
        names = SourceForm.base_fields
        data = self.form.data
        sources = [{name: data.get(f"sources-{row}-{name}", "") for name in names} for row in rows]
        values = {name: data.get(name, "") for name in self.form.fields}
        again = Writing.filled(values, sources, kind=kind, step=step, rows=len(sources) + more)
        again.began_from = self.began_from
        return again

    def begun_from(self, template: Any, *, kind: str, step: str) -> "Writing":
        """The same input, unchecked, with the template's words where nothing was typed yet."""
        begun = self.with_one_more_row(kind=kind, step=step, more=0)
        for name in ("summary", "text"):
            if not str(begun.form.initial.get(name, "")).strip():
                begun.form.initial[name] = getattr(template, name)
        return begun

    @property
    def asks_for_all(self) -> bool:
        """Whether the whole version is written here; a withdrawal only asks for its reason."""
        return "text" in self.form.fields

    def is_valid(self) -> bool:
        # Both are always checked, so that every mistake is shown at once.
        return all([self.form.is_valid(), not self.asks_for_all or self.sources.is_valid()])

    def content(self, kept: Content) -> Content:
        """What was typed, and what was kept before where the form does not ask for it."""
        fields = {name: self.form.cleaned_data.get(name, getattr(kept, name)) for name in CONTENT_FIELDS}
        return Content(**fields, sources=self.references() if self.asks_for_all else kept.sources)

    def references(self) -> list[Reference]:
        return [Reference(**row.cleaned_data) for row in self.sources.forms if row.has_changed()]

    def sound(self, kept: Content) -> Content:
        """What of the unfinished input can be kept; for the rest, what was kept before it."""
        self.is_valid()
        fields = {name: self.form.cleaned_data.get(name, getattr(kept, name)) for name in CONTENT_FIELDS}
        rows = self.asks_for_all and self.sources.management_form.is_valid() and not self.sources.non_form_errors()
        return Content(**fields, sources=self._sound_references(kept) if rows else kept.sources)

    def _sound_references(self, kept: Content) -> list[Reference]:
        earlier = dict(enumerate(kept.sources))
        rows = [
            earlier.get(at) if row.errors else Reference(**row.cleaned_data)
            for at, row in enumerate(self.sources.forms)
            if row.has_changed()
        ]
        return [row for row in rows if row is not None]

    def refuse(self, code: str) -> None:
        """Show an action's refusal; what is missing is said all at once, each where it can be mended."""
        if code in MISSING_SOMETHING:
            self._ask_for_what_is_missing()
        if not self.errors():
            self.form.add_error(None, said(WRITING, code))

    def _ask_for_what_is_missing(self) -> None:
        for name in [name for name in self.form.fields if not self.form.cleaned_data.get(name)]:
            self.form.add_error(name, TO_FILL_IN.get(name, FILL_IN))
        if self.asks_for_all and not self.references():
            self.sources.forms[0].add_error("title", WRITING["no_source"])

    def errors(self) -> list[tuple[str, str, str]]:
        """Each error as id and label of its field and the text, in reading order; empty ones for the whole form."""
        whole = [("", "", str(text)) for text in [*self.form.non_field_errors(), *self.sources.non_form_errors()]]
        fields = [field for form in (self.form, *self.sources.forms) for field in form]
        return whole + [(field.id_for_label, str(field.label), str(text)) for field in fields for text in field.errors]
