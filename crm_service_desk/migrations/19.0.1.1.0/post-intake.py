from odoo import SUPERUSER_ID, api

OLD = "A person of our team reads it and answers you here. You can read the answer and add to your message at any time:"
NEW = """A person of our team reads it and answers
        <t t-if="object._promised_answer()">you by <strong t-out="object._shown_promise()">Monday, 17:00</strong>.</t>
        <t t-else="">you as soon as possible.</t>
        You can read the answer and add to your message at any time:"""


def migrate(cr, version):
    """The acknowledgement says until when we answer; where its text was changed, it stays as it is."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    template = env.ref("crm_service_desk.mail_template_acknowledgement", raise_if_not_found=False)
    if not template:
        return
    if template.lang == "{{ object.partner_id.lang }}":
        template.lang = "{{ object._acknowledgement_lang() }}"
    body = template.body_html or ""
    if OLD in body:
        template.body_html = body.replace(OLD, NEW)
