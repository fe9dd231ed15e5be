from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

REMEDIES = [
    ("explanation", "Explanation"),
    ("apology", "Apology"),
    ("repair", "Repair"),
    ("replacement", "Replacement"),
    ("refund", "Refund"),
    ("compensation", "Compensation"),
    ("other", "Something else"),
]
SEVERITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
IMPACTS = [("one", "One person"), ("several", "Several persons"), ("many", "Many persons")]
# Longest wish of the customer that is kept.
MAX_REMEDY_TEXT = 500


class ServiceTicket(models.Model):
    """What ISO 10002 asks to be recorded of a complaint when it comes in.

    When and how it was received stand in ``date_received`` and ``channel``; here is what the customer wants, what it
    is about, and how grave it is. The answers to the questions of its category stand in ``properties``.
    """

    _inherit = "service.ticket"  # pylint: disable=consider-merging-classes-inherited

    channel = fields.Selection(
        selection_add=[("web", "Public form"), ("api", "Another program"), ("rating", "Bad rating")],
        ondelete={"web": "set phone", "api": "set phone", "rating": "set phone"},
    )
    remedy_sought = fields.Selection(REMEDIES, help="What the customer asks for.")
    remedy_sought_text = fields.Text(
        string="Remedy in His Words", help="What would put it right, in the customer's own words."
    )
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        default="medium",
        tracking=True,
        groups="base.group_user",
        help="How grave it is in our eyes. The customer does not see it.",
    )
    safety_concern = fields.Boolean(
        tracking=True, help="Somebody was or could be hurt: health, fire, food, traffic, data."
    )
    impact = fields.Selection(IMPACTS, string="Who Is Affected", help="How many people it touches.")
    product_id = fields.Many2one(
        "product.product",
        string="Product Concerned",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    invoice_id = fields.Many2one(
        "account.move",
        string="Invoice Concerned",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
    )
    asset_id = fields.Many2one(
        "customer.asset",
        string="Asset Concerned",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="The customer's vehicle, device or contract.",
    )
    company_partner_id = fields.Many2one(related="company_id.partner_id", string="Our Own Contact")
    branch_id = fields.Many2one(
        "res.partner",
        string="Branch Concerned",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', company_partner_id), ('id', '!=', company_partner_id)]",
        help="Where it happened: one of the addresses under the company's own contact.",
    )
    properties = fields.Properties(
        "Answers", definition="category_id.ticket_properties_definition", help="Answers to the category's questions."
    )

    @api.constrains("branch_id", "company_id")
    def _check_branch(self):
        """:raises ValidationError: when the branch is none of the ticket's company"""
        for company, tickets in self.filtered("branch_id").grouped("company_id").items():
            # sudo: only which addresses are our own; the ticket's company was checked by its record rule
            own = company._branches()
            if strange := tickets.branch_id - own:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is no branch of %(company)s. Choose an address under the company's own contact.",
                        branch=strange[:1].display_name,
                        company=company.name,
                    )
                )

    def write(self, vals):
        former = self._former_answers(vals["category_id"]) if "category_id" in vals else {}
        result = super().write(vals)
        if former:
            self.browse(former)._message_log_batch(bodies=former)
        return result

    def _former_answers(self, category):
        """What another category makes Odoo forget: the answers to the questions of the former one, as a note.

        :param int category: id of the new category, or False
        :return: {ticket id: HTML}, of those with answers
        """
        changing = self.filtered(lambda ticket: ticket.category_id and ticket.category_id.id != category)
        return {
            ticket.id: plaintext2html(
                "\n".join(
                    [
                        self.env._("Answers to the questions of “%s”:", ticket.category_id.complete_name),
                        *(f"{question}: {answer}" for question, answer in answers),
                    ]
                )
            )
            for ticket, answers in changing._answers().items()
            if answers
        }

    def _answers(self):
        """What was answered to the questions of the categories.

        :return: {ticket: [(question, answer as text)]}, unanswered questions left out
        """
        return {
            self.browse(values["id"]): [
                (question["string"], shown)
                for question in values["properties"] or []
                if (shown := self._shown_answer(question))
            ]
            for values in self.read(["properties"])
        }

    @api.model
    def _shown_answer(self, question):
        """An answer as text, "" when there is none.

        :param dict question: a property with its definition and ``value``, as ``read`` gives it
        """
        value = question.get("value")
        if question["type"] == "boolean":
            return self.env._("Yes") if value else ""
        if value in (None, False, "", []):
            return ""
        if question["type"] == "selection":
            return dict(question.get("selection") or []).get(value, "")
        if question["type"] == "tags":
            labels = {tag: label for tag, label, *_color in question.get("tags") or []}
            return ", ".join(labels.get(tag, tag) for tag in value)
        if question["type"] == "many2one":
            return value[1] or ""
        if question["type"] == "many2many":
            return ", ".join(name or "" for _id, name in value)
        return str(value)
