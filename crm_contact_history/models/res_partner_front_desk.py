from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

TODO_ROWS = 5


class ResPartner(models.Model):
    """The customer's card at the front desk."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited  # one idea per file

    def _customer_badges(self):
        """Short facts shown at the head of a customer's card. Extend with ``super()``; constant queries for any number.

        :return: ``{partner_id: [badge, …]}`` for every partner in self; a badge is a dict with ``label`` (str),
            ``value`` (str), ``severity`` ("info", "success", "warning" or "danger"), ``action`` (dict of a window
            action, or False) and ``sequence`` (int, smaller first)
        """
        return {partner.id: [] for partner in self}

    @api.model
    def _front_desk_buttons(self):
        """The buttons on the customer's card. Extend with ``super()``.

        :return: list of dicts with ``label`` (str, translated), ``icon`` (Font Awesome class, "fa-pencil"),
            ``method``: a public method of ``res.partner`` that is called on the one customer and returns an action;
            and ``is_link`` (True for what only shows something: it stands apart, as a link)
        """
        buttons = []
        if self.env["sale.order"].has_access("create"):
            buttons.append((self.env._("New quotation"), "fa-file-text-o", "action_front_desk_new_quotation"))
        if self.env["calendar.event"].has_access("create"):
            buttons.append((self.env._("Meeting"), "fa-calendar", "action_front_desk_new_meeting"))
        if self.has_access("write"):  # what core asks of him who writes on a contact
            buttons.append((self.env._("E-mail"), "fa-envelope-o", "action_front_desk_new_mail"))
        contact = {"label": self.env._("Contact"), "icon": "fa-address-card-o", "is_link": True}
        return [
            *({"label": label, "icon": icon, "method": method} for label, icon, method in buttons),
            {**contact, "method": "action_front_desk_open_contact"},
        ]

    def front_desk_card(self, asset_id=False):
        """What the front desk shows of one customer beside his history. Extend with ``super()``.

        :param asset_id: the asset by which he was found, to be shown first
        :return: dict for the client action, or False when there is no such contact:

            * ``id``, ``name``, ``has_contacts`` (his history holds that of other people too), ``company`` (``{"id",
              "name"}`` or False), ``function``, ``phone``, ``email``, ``address`` (text or False)
            * ``phone_refused``, ``email_refused`` (he is on the blacklist), ``language``, ``timezone`` (where they
              differ from the reader's, else False)
            * ``badges`` (see :meth:`_customer_badges`), ``buttons`` (see :meth:`_front_desk_buttons`)
            * ``last_contacts`` (see :meth:`_front_desk_last_contacts`), ``todo`` (see :meth:`_front_desk_todo`)
            * ``sections`` (see :meth:`_front_desk_sections`)
        :raises AccessError: when the user may not read the contact, or is not one of our own people
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The card of a customer is for our own people only."))
        partner = self.exists()
        if not partner:
            return False
        partner.ensure_one()
        partner.check_access("read")
        company = partner.parent_id if partner.parent_id.has_access("read") else self.browse()
        return {
            "id": partner.id,
            "name": partner.name or partner.display_name,
            "has_contacts": partner._front_desk_has_contacts(),
            "company": {"id": company.id, "name": company.display_name} if company else False,
            "function": partner.function or False,
            **partner._front_desk_reach(),
            "badges": sorted(partner._customer_badges()[partner.id], key=lambda badge: badge["sequence"]),
            "buttons": partner._front_desk_buttons(),
            "last_contacts": partner._front_desk_last_contacts(),
            "todo": partner._front_desk_todo(),
            "sections": [section for section in partner._front_desk_sections() if section["rows"]],
        }

    def _front_desk_has_contacts(self):
        """Whether his history holds that of other people and addresses too."""
        # A large company has thousands of people: one is enough to know.
        return self.commercial_partner_id == self and bool(self.search_count([("parent_id", "=", self.id)], limit=1))

    def _front_desk_reach(self):
        """How to reach him, and whether he wants it."""
        self.ensure_one()
        address = self._display_address(without_company=True)
        languages = dict(self.env["res.lang"].get_installed())
        return {
            "phone": self.phone or False,
            "phone_refused": self.phone_sanitized_blacklisted,
            "email": self.email or False,
            "email_refused": self.is_blacklisted,
            "address": "\n".join(filter(str.strip, address.splitlines())) or False,
            "language": self.lang != self.env.user.lang and languages.get(self.lang, False),
            "timezone": bool(self.tz) and self.tz != self.env.user.tz and self.tz,
        }

    # -- what to do next -----------------------------------------------------------------------------------------

    @api.model
    def _front_desk_activity_models(self):
        """Documents of a customer whose activities stand on his card. Extend with ``super()``.

        :return: ``{model name: stored many2one to the contact}``; ``id`` for the contact itself
        """
        return {
            "res.partner": "id",
            "crm.lead": "partner_id",
            "sale.order": "partner_id",
            "account.move": "partner_id",
        }

    def _front_desk_todo(self):
        """The next activities and meetings, the most urgent first.

        :return: list of dicts with ``key``, ``title``, ``icon``, ``date`` (shown), ``is_overdue``, ``user`` (name or
            False), ``document`` (name or False) and ``model`` and ``id`` of what to open
        """
        rows = sorted(self._front_desk_activities() + self._front_desk_meetings(), key=lambda row: row[0])
        return [row for __, row in rows[:TODO_ROWS]]

    def _front_desk_activities(self):
        activities = self.env["mail.activity"].search(
            fields.Domain.OR(self._front_desk_activity_domains()), order="date_deadline, id", limit=TODO_ROWS
        )
        names = self._front_desk_document_names(activities)
        today = fields.Date.context_today(self)
        return [
            (
                fields.Date.to_string(activity.date_deadline),
                {
                    "key": f"activity-{activity.id}",
                    "title": activity.summary or activity.activity_type_id.name or self.env._("To-do"),
                    "icon": activity.icon or "fa-check",
                    "date": format_date(self.env, activity.date_deadline),
                    "is_overdue": activity.date_deadline < today,
                    "user": activity.user_id.sudo().name or False,  # sudo: the name of who is to do it, nothing else
                    "document": activity.res_model != "res.partner" and names[activity.id],
                    "model": activity.res_model,
                    "id": activity.res_id,
                },
            )
            for activity in activities
        ]

    @api.model
    def _front_desk_document_names(self, activities):
        """As core's ``res_name``, but read at once for all activities of a model."""
        names = {}
        for model, some in activities.grouped("res_model").items():
            # sudo, as core does: the name of the document of an activity that this person may read.
            records = self.env[model].sudo().browse(some.mapped("res_id")).exists()
            by_id = {record.id: record.display_name for record in records}
            names.update({activity.id: by_id.get(activity.res_id, False) for activity in some})
        return names

    def _front_desk_activity_domains(self):
        for model, path in self._front_desk_activity_models().items():
            if model in self.env and self.env[model].has_access("read"):
                records = self.env[model]._search(self._front_desk_family(path))
                yield fields.Domain("res_model", "=", model) & fields.Domain("res_id", "in", records)

    def _front_desk_meetings(self):
        if not self.env["calendar.event"].has_access("read"):
            return []
        meetings = self.env["calendar.event"].search(
            fields.Domain("stop", ">=", fields.Datetime.now()) & self._front_desk_family("partner_ids"),
            order="start, id",
            limit=TODO_ROWS,
        )
        return [
            (
                fields.Datetime.to_string(meeting.start),
                {
                    "key": f"meeting-{meeting.id}",
                    "title": meeting.display_name,
                    "icon": "fa-calendar",
                    "date": meeting.display_time,
                    "is_overdue": False,
                    "user": meeting.user_id.sudo().name or False,  # sudo: the name of the organiser, nothing else
                    "document": False,
                    "model": "calendar.event",
                    "id": meeting.id,
                },
            )
            for meeting in meetings
        ]

    def _front_desk_family(self, path):
        """What belongs to this customer: to all his contacts for a customer, to him alone for a contact of a company.

        :param path: field of the model that is searched: ``id``, or one that leads to a contact
        """
        self.ensure_one()
        if self.commercial_partner_id != self:
            return fields.Domain(path, "in", self.ids)
        return fields.Domain("commercial_partner_id" if path == "id" else f"{path}.commercial_partner_id", "=", self.id)
