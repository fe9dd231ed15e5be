from odoo import api, models

from ..automatic_mail import kind_of_mail


class MailThread(models.AbstractModel):
    """Where core's gateway hands mail over to tickets."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if any(route[0] == "service.ticket" and not route[1] for route in routes):
            routes = self.env["service.ticket"]._ticket_routes(message, message_dict, routes)
        return routes

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        thread = self
        if any(route[0] == "service.ticket" for route in routes or ()):
            thread = self.with_context(ticket_mail_kind=kind_of_mail(message))
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)
