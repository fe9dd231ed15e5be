"""For `odoo shell`: a record of each model of ours, talked about in its chatter, so that upgrades and uninstalls meet data."""
# ruff: noqa: F821  `env` is the shell's

from odoo.addons.crm_contact_history.tests.record_factory import RecordFactory

from tests import ours

factory = RecordFactory(env)
for model in ours.models(env):
    if model._auto and not model._transient:
        record = factory.make(model._name)
        env["ir.attachment"].create({"name": "note.txt", "raw": b"note", "res_model": model._name, "res_id": record.id})
        if hasattr(record, "message_post"):
            record.message_post(body="Said about it.")
            record.message_subscribe(env.user.partner_id.ids)
        if hasattr(record, "activity_schedule"):
            record.activity_schedule("mail.mail_activity_data_todo")
env.cr.commit()
