from odoo.tools import SQL


def migrate(cr, version):
    """Tickets that were answered before there were clocks owe no first answer when they are reclassified."""
    cr.execute(
        SQL(
            """
            UPDATE service_ticket SET date_first_answer = answer.date
              FROM (SELECT message.res_id, min(message.date) AS date
                      FROM mail_message message
                      JOIN res_users author ON author.partner_id = message.author_id AND NOT author.share
                      JOIN ir_model_data subtype ON subtype.res_id = message.subtype_id
                           AND subtype.model = 'mail.message.subtype' AND subtype.module = 'mail' AND subtype.name = 'mt_comment'
                     WHERE message.model = 'service.ticket' AND message.message_type IN ('comment', 'email')
                       AND message.is_internal IS NOT TRUE
                  GROUP BY message.res_id) answer
             WHERE service_ticket.id = answer.res_id AND service_ticket.date_first_answer IS NULL
            """
        )
    )
