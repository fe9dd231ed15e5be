from . import (
    report_complaint_register,
    service_article_report,
    service_remedy_report,
    service_stage_time,
    service_ticket_report,
)

# isort: split

from . import service_pareto, service_satisfaction
