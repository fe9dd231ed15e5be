from . import (
    res_company,
    res_partner,
    service_category,
    service_stage,
    service_team,
    service_ticket,
    service_ticket_conversation,
    service_ticket_filing,
    service_ticket_history,
    service_ticket_mail,
    service_ticket_number,
)
