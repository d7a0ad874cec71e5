"""更正和依法删除: ask for a deletion, decide on another's, what has outlived its term, correct own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts import fields
from shigan.facts.erasure import Asker, Basis, EntryCorrected, ErasureRefused, ErasureRequested
from shigan.facts.faults import Fault
from shigan.ledger.entry import Entry
from shigan.web import boards, erasing, rights, store
from shigan.web.links import link
from shigan.web.models import Account, EntryRow, StateRow
from shigan.web.pages.acts import author, found, offer, record
from shigan.web.pages.documents import library
from shigan.web.sentences import gist, tell
from shigan.work.admit import Draft
from shigan.work.erasure import ASKED, DECLINED, TERMS, Erasure, erasable
from shigan.work.state import State
from shigan.work.things import THINGS, key_of

PER_PAGE = 50
MOST_DUE = 100
_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control"}


class AskForm(forms.Form):
    """Which entries, on what ground, at whose wish."""

    seqs = forms.TypedMultipleChoiceField(
        label=_("删除哪几次记录的文字"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    name = forms.BooleanField(
        label=_("连同姓名和职务"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    basis = forms.ChoiceField(
        label=_("法律依据"),
        choices=[("", "—"), *((b.value, _(b.value)) for b in Basis)],
        widget=forms.Select(_SELECT),
    )
    asker = forms.ChoiceField(
        label=_("提出人"),
        choices=[("", "—"), *((a.value, _(a.value)) for a in Asker)],
        widget=forms.Select(_SELECT),
    )
    reason = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=200,
        help_text=_("不要抄写拟删除的内容"),
        widget=forms.TextInput(_INPUT),
    )

    def __init__(self, data: Any, about: State, lines: dict[int, str]) -> None:
        super().__init__(data, label_suffix="", initial={"seqs": list(lines)})
        self.about = about
        self.fields["seqs"].choices = list(lines.items())  # type: ignore[attr-defined]
        if key_of(about.subject) != "P":
            del self.fields["name"]

    def fact(self) -> ErasureRequested:
        """What is asked for."""
        given = self.cleaned_data
        return ErasureRequested(
            about=self.about.subject, seqs=tuple(sorted(given["seqs"])), basis=Basis(given["basis"]),
            asker=Asker(given["asker"]), reason=given["reason"], name=given.get("name", False),
        )  # fmt: skip


def _line(request: HttpRequest, entry: Entry) -> str:
    """An entry in one line; of a personal file that is not open its kind alone."""
    said = tell(entry)
    return f"{entry.happened} {said.what} {gist(said)[:60] if _open(request, entry) else ''}".rstrip()


def erasures(request: HttpRequest) -> HttpResponse:
    """The cases: those that wait for a second person, and those decided."""
    rights.require(request.user, "see:E")
    rows = rights.visible_to(_account(request), store.listing("E")).order_by("-since", "-subject")
    page = Paginator(rows.exclude(stage=ASKED), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "erasure/list.html",
        {
            "section": "ledger",
            "waiting": [store.read_state(row) for row in rows.filter(stage=ASKED)],
            "decided": [store.read_state(row) for row in page],
            "page": page,
            "may_ask": rights.may_erase(request.user),
        },
    )


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def new_erasure(request: HttpRequest) -> HttpResponse:
    """Ask that words be deleted: first whose (`?about=Q00012`), then which of its entries and why."""
    if not rights.may_erase(request.user):
        raise PermissionDenied
    code = request.GET.get("about", "").strip().upper()
    if not code:
        return render(request, "erasure/about.html", {"section": "ledger"})
    about = store.state(code)
    if about is None:
        words = gettext("没有 {code}").format(code=code[:40])
        return render(request, "erasure/about.html", {"section": "ledger", "words": words}, status=422)
    if not (rights.may_erase(request.user, code, about.unit) and rights.sees(request.user, code, about.unit)):
        raise PermissionDenied
    entries = [e for e in store.lives([code]) if not e.gone and erasable(e.fact) and _asks(request, e)]
    form = AskForm(request.POST or None, about, {e.seq: _line(request, e) for e in entries})
    if request.method == "POST" and form.is_valid() and (case := _asked(request, form)):
        messages.success(request, gettext("已提出，等另一人批准。"))
        return redirect("erasure", case)
    context = {"section": "ledger", "form": form, "about": about, "entries": entries}
    return render(request, "erasure/new.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, entry: Entry) -> bool:
    return rights.reads(request.user, entry)


def _asks(request: HttpRequest, entry: Entry) -> bool:
    return _open(request, entry) or rights.closed(request.user, entry)


def _asked(request: HttpRequest, form: AskForm) -> str:
    code = store.next_code("E")
    try:
        draft = Draft(code, form.fact(), form.about.unit, timezone.localdate(), 0)
        record(request, [draft])
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return ""
    return code


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(_INPUT | {"rows": 3}))


def erasure(request: HttpRequest, code: str) -> HttpResponse:
    """One case; another person than who asked approves it or declines it with a reason."""
    case = found(code)
    if not isinstance(case, Erasure):
        raise Http404(code)
    rights.require(request.user, "see:E", case)
    may_decide = rights.may(request.user, "erase_decide", case) and case.stage == ASKED
    form, trouble = DeclineForm(None, label_suffix=""), ""
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        form = DeclineForm(request.POST if "decline" in request.POST else None, label_suffix="")
        try:
            if _decided(request, case, form):
                return redirect("erasure", code)
        except Fault as fault:
            trouble = fault.sentence(gettext)
    entries = [e for e in store.lives([case.origin]) if e.seq in case.seqs]
    own = [e for e in entries if _open(request, e)]
    context = {
        "section": "ledger", "case": case, "basis": Basis[case.source].value, "form": form, "entries": own,
        "hidden": len(entries) - len(own), "may_decide": may_decide, "declined": case.stage == DECLINED,
        "mine": _account(request).code == case.asked, "trouble": trouble,
        "elsewhere": _elsewhere(request, entries) if may_decide else [], "history": store.lives([code]),
    }  # fmt: skip
    return render(request, "erasure/one.html", context, status=422 if trouble or form.errors else 200)


def _decided(request: HttpRequest, case: Erasure, form: DeclineForm) -> bool:
    who, today = author(request.user), timezone.localdate()
    if "approve" in request.POST:
        offer(request, [erasing.approve(case, who, today)])
        erasing.scrub()
        library.keep()  # nor in the index of documents
        boards.judge_now()
        messages.success(request, gettext("已删除；所有证明依然成立。"))
        return True
    if form.is_valid():
        fact = ErasureRefused(reason=form.cleaned_data["reason"])
        record(request, [Draft(case.subject, fact, case.unit, today, case.seq)])
        return True
    return False


def _elsewhere(request: HttpRequest, entries: list[Entry]) -> list[Entry]:
    """Entries of other things that hold one of these texts word for word."""
    rows = {row.pk: row for e in entries if not e.gone for row in erasing.elsewhere(e)}
    mine = {(e.subject, e.seq) for e in entries}
    others = (store.read_entry(row) for row in rows.values() if (row.subject, row.seq) not in mine)
    return [entry for entry in others if _open(request, entry)]


@dataclass(frozen=True)
class Due:
    """The things of one kind that were last written to before `until`."""

    name: str
    years: int
    until: date
    codes: tuple[tuple[str, date], ...]

    @property
    def more(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.codes) == MOST_DUE


def due_list(request: HttpRequest) -> HttpResponse:
    """What has outlived the term of the rule book: a list to work through, nothing goes by itself."""
    rights.require(request.user, "see:E")
    today, user = timezone.localdate(), _account(request)
    taken = set(store.listing("E").exclude(stage=DECLINED).values_list("origin", flat=True))
    found = [
        _due(user, key, years, _years_before(today, years), taken)
        for key, years in store.rulebook().retention.years().items()
        if rights.may(user, f"see:{key}") or key == "S"
    ]
    context = {"section": "ledger", "kinds": found, "may_ask": rights.may_erase(user)}
    return render(request, "erasure/due.html", context)


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))


def _due(user: Account, key: str, years: int, until: date, taken: set[str]) -> Due:
    """Things of a key whose newest entry is older than `until` and for which no deletion was asked."""
    old = rights.visible_to(user, StateRow.objects.filter(key=key, since__lt=until)).exclude(pk__in=taken)
    last = EntryRow.objects.filter(subject__in=old.values("subject")).values("subject")
    rows = last.annotate(day=Max("happened")).filter(day__lt=until).order_by("day", "subject")[:MOST_DUE]
    return Due(THINGS[key].name, years, until, tuple(rows.values_list("subject", "day")))


class CorrectForm(forms.Form):
    """Which words of the entry are wrong, and what they ought to be."""

    field = forms.ChoiceField(label=_("栏目"), widget=forms.Select(_SELECT))
    new = forms.CharField(label=_("更正为"), max_length=2000, widget=forms.Textarea(_INPUT | {"rows": 3}))
    reason = forms.CharField(label=_("更正理由"), max_length=500, widget=forms.TextInput(_INPUT))

    def __init__(self, data: Any, words: dict[str, tuple[str, str]]) -> None:
        super().__init__(data, label_suffix="")
        choices = [(key, f"{gettext(label)}：{text[:60]}") for key, (label, text) in words.items()]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]


def words_of(entry: Entry) -> dict[str, tuple[str, str]]:
    """The words of an entry that may be corrected, by field: label and text."""
    if entry.fact is None or entry.gone or key_of(entry.subject) not in EntryCorrected.ABOUT.split():
        return {}
    kind = type(entry.fact)
    given = {f.key: (f.label.name, getattr(entry.fact, f.key)) for f in fields(kind)}
    return {
        key: (label, text)
        for key, (label, text) in given.items()
        if type(text) is str and 0 < len(text) <= 2000 and (kind.__name__, key) not in TERMS
    }


def may_correct(user: Any, entry: Entry) -> bool:
    """Whether an account may correct an entry: its own unit's words, or the office anybody's."""
    if not rights.may(user, "correct", entry.unit) and not rights.may(user, "correct", entry.by_unit):
        return False
    return rights.reads(user, entry) and (user.role == rights.OFFICER or user.unit == entry.by_unit)


def correct(request: HttpRequest, position: int) -> HttpResponse:
    """Correct words of one sealed entry: a further entry that names it."""
    row = EntryRow.objects.select_related("payload").filter(position=position).first()
    if row is None:
        raise Http404(position)
    entry = store.read_entry(row)
    if not may_correct(request.user, entry):
        raise PermissionDenied
    words = words_of(entry)
    form = CorrectForm(request.POST or None, words)
    if request.method == "POST" and form.is_valid() and _corrected(request, entry, form, words):
        messages.success(request, gettext("已记入台账：{what}").format(what=gettext(EntryCorrected.TITLE)))
        return redirect(link(entry.subject) or "ledger")
    context = {"section": "ledger", "form": form, "entry": entry, "words": words}
    return render(request, "erasure/correct.html", context, status=422 if form.errors else 200)


def _corrected(
    request: HttpRequest, entry: Entry, form: CorrectForm, words: dict[str, tuple[str, str]]
) -> bool:
    given = form.cleaned_data
    try:
        fact = EntryCorrected(
            seq=entry.seq, field=given["field"], old=words[given["field"]][1], new=given["new"],
            reason=given["reason"],
        )  # fmt: skip
        draft = Draft(entry.subject, fact, entry.unit, timezone.localdate())
        record(request, [draft])
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    return True


urlpatterns = [
    path("erasures/", erasures, name="erasures"),
    path("erasures/due", due_list, name="erasures_due"),
    path("erasures/new", new_erasure, name="new_erasure"),
    path("erasures/<str:code>", erasure, name="erasure"),
    path("ledger/<int:position>/correct", correct, name="correct"),
]
