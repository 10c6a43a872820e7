"""The pages of all three services: one frame, one set of NHS macros, one way to take a form.

In `create_app`, after `init_http`, the blueprints and `make_api`, and before `init_auth` (a form's token is
checked before the caller is, so that a form sent after the sign-in ended can be shown again)::

    from shared.web import Message, NavItem, frame, openapi_page

    app = Flask(__name__, template_folder="web/templates")   # templates/<service>/*.html
    frame(
        app,
        service="referrals",
        nav=NAV,                                # tuple[NavItem, ...], the same for the three services
        who=caller_or_none,                     # () -> Caller | None (shared.auth.guard)
        organisation=acting_organisation_name,  # () -> str | None, shown in the header
        counts={"notices": unread_notices},     # NavItem.key -> () -> int | None
        messages={"sent": Message("The referral is sent.")},   # what `flash.say("sent")` shows
        way_out=way_out,                        # (failed=) -> WayOut | None: *Exit this page* and whom to
    )                                           # ring on the error pages of public pages, and /accessibility
    openapi_page.register(app, spec=api.spec.to_dict)          # /docs

    NAV = (
        NavItem("Find help", "directory", "/"),
        NavItem("Queue", "referrals", "/queue", roles=("worker", "lead", "duty_desk")),
        NavItem("Notices", "notifications", "/", signed_in=True, key="notices"),
        NavItem("Refer yourself", "referrals", "/self", signed_in=False),   # only when signed out
    )

`frame` adds: the Jinja environment (every template autoescaped), `/assets/<hash>/<name>`, `/accessibility`,
the security headers, CSRF for every form of a page, the flash cookie, the error pages. Add `assets.missing`
to the checks of `/readyz`. Settings read: CSRF_KEY, FRONTEND_DIR, TRUSTED_PROXIES (0), PUBLIC_URL_*,
LINKWORK_MODE. The frame links to `/help-now`, `/sign-in` and `/sign-out` of the directory.

A page
------
::

    {% extends "linkwork/page.html" %}
    {% from "linkwork/macros/fields.html" import text_field, radios_field, submit_button %}
    {% set title = "Refer someone" %}          {# the h1, and <title>Refer someone – Linkwork #}
    {% block content %}
      <form method="post" novalidate>
        {{ csrf_field() }}
        {{ text_field(form, "postcode", "Postcode", width=10) }}
        {{ submit_button("Continue") }}
      </form>
    {% endblock %}

Set at the top of a page, all optional: `title`; `caption` (small line above the h1); `wide = true` (lists
use the whole width); `exit_this_page = true` (public pages: adds *Exit this page* and makes the window
title plain "Linkwork"), with `exit_through = url_for(…)` by way of an address of ours that forgets what
was typed; `window_title` (another title than the h1); `back = url_for(…)` (back link);
`form` or `forms` given to `render_template` bring the error summary and "Error: " in the title.
Blocks: `content`, `heading` (replaces the h1: keep exactly one), `above` (before the h1, full width),
`head` (more tags). Globals: `csrf_field()`, `csrf_token()`, `asset_url(name)`, `public_url(service)`.
Filters: `uk_date` "22 November 2026", `uk_datetime` "22 November 2026 at 2:05pm", `uk_time`, `short_date`
"22 Nov", `days_since(at)` → int, `wait(at)` "12 days", `phone_link` (tel: address).

Macros: `{% from "linkwork/macros/fields.html" import … %}`
------------------------------------------------------------
Every field macro begins `(form, name, label)`; keeps what was typed; shows the error; `hint=` where named.

    text_field(form, name, label, hint="", width=None, type="text", autocomplete="", inputmode="",
               heading=False, attributes={})
    textarea_field(form, name, label, hint="", rows=5, limit=None, heading=False)
    select_field(form, name, label, items, hint="")       items: [{"value", "text"}] or [(value, text)]
    radios_field(form, name, label, items, hint="", inline=False, small=False, heading=False)
    checkboxes_field(form, name, label, items, hint="", small=False, heading=False)
    yes_no_field(form, name, label, hint="", not_asked="Not asked")     not_asked=None: yes and no alone
    date_field(form, name, label, hint="For example, 22 11 2026")       boxes name-day, name-month, name-year
    tick_field(form, name, text, hint="")                               one checkbox, value "yes"
    hidden_field(name, value)     csrf_field()     submit_button("Send", variant="", name="", value="")
    fieldset(legend, hint="")     {% call fieldset("Safe ways to reach them") %}…{% endcall %}

Items of radios and checkboxes may carry `hint` and `html_if_chosen` (shown when chosen; make it with
`{% set x %}…{% endset %}`).

Macros: `{% from "linkwork/macros/parts.html" import … %}`
-----------------------------------------------------------
    person_heading(name, facts=[("Born", "3 May 1952 (74)")], tag=None, warning="", level=1)
        goes into `block heading`, where it is the h1
    state_tag(state, words)             words: {"received": {"text": "Received", "colour": "blue"}}
    work_table(caption, head, rows, hide_caption=False, empty="", first_is_header=False)
        head: ["Person", "Waiting", {"text": "Days", "format": "numeric"}]
        rows: [[{"text": "A. Example", "href": url}, state_tag(…), 12], …]; becomes cards at 375 px
    summary(rows, title="")             rows: [("Postcode", "YO24 3BZ")] or [{"key", "value", "change": url}]
    action_button(label, url, confirm="", fields={}, variant="secondary", name="", value="")
        a POST form with CSRF; with `confirm` the question opens first, also without JavaScript
    actions(items)                      items: [{"label", "url", "confirm"?, "variant"?, "fields"?, "href"?}]
    pager(next_url=None, previous_url=None)
    empty_state(heading, text="", link_text="", href="")
    banner(text, kind="important", heading="")           kind: important | success
    who_to_ring(numbers, heading="If someone is in danger now", place="")
        numbers: place.emergency of the directory: [{"name", "number", "when", "what"}]
    {% call filter_form(action, method="get", submit="Show", clear="") %} fields {% endcall %}
    reasons_list(reasons)               [{"code", "text"}] as a plain list
    details(summary)                    {% call details("What is kept?") %}…{% endcall %}

NHS macros are there too: `{% from "nhsuk/components/inset-text/macro.jinja" import insetText %}`.

A form
------
::

    from shared.web import flash, forms
    from shared.web.fields import DateParts, YesNoNotAsked

    class ReferSchema(Schema):                     # marshmallow; the order of fields orders the errors
        postcode = fields.String(required=True, metadata={"label": "a postcode"})
        needs = fields.List(fields.String(), required=True, metadata={"label": "at least one need"})
        born = DateParts(load_default=None, metadata={"label": "the date of birth"})
        phone_safe = YesNoNotAsked()               # True, False or None: not asked
        contacts = fields.List(fields.Nested(ContactSchema))    # contacts-0-value, contacts-1-value …

    form = forms.blank(ReferSchema(), {"postcode": "YO24 3BZ"})       # GET
    form = forms.read(ReferSchema())                                   # POST: request.form
    if form.ok:
        try:
            refer(**form.data)
        except Invalid as refused:
            form.refuse(refused, names={"/person/postcode": "postcode"})
        else:
            flash.say("sent")
            return redirect(url_for(".sent"))
    return render_template("referrals/refer.html", form=form), form.status    # 200, or 422 with errors

`metadata={"label": …}` completes "Enter …" / "Choose …"; any `error_messages` you give are used as they are.
`form.data` (dict, when ok), `form.values` (as typed), `form.errors` ({field: message}, in order),
`form.fail(field, message)`, `form.value(name)`, `form.error(name)`, `form.status`.

Pages take cookies only; the API (`shared.http.is_for_machines`) takes bearer tokens only and is not
checked for CSRF. A form sent too late, or after the sign-in ended, is shown again to be sent once more.

Browser tests: `tests/e2e/conftest.py` gives `page`, `axe`, `shoot` and `check_page(page, name)`, which
looks at a page at 375 and 1280 px: axe, one h1, no sideways scroll, nothing in the console, a screenshot.
"""

from shared.web.flash import Message
from shared.web.frame import NavItem, SignedIn, WayOut, frame

__all__ = ["Message", "NavItem", "SignedIn", "WayOut", "frame"]
