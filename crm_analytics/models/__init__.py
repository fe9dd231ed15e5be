# First: account.move and sale.order inherit the one, other files of the dashboard extend the other.
from . import customer_purchase_source, customer_purchase_source_issues, retention_dashboard

# isort: split

from . import (
    account_move,
    crm_team,
    customer_metric,
    customer_metric_risk,
    customer_metric_snapshot,
    customer_purchase,
    customer_purchase_build,
    customer_purchase_category,
    customer_purchase_cell,
    customer_purchase_contacts,
    customer_purchase_issue,
    customer_purchase_month,
    customer_purchase_month_retention,
    customer_purchase_queue,
    customer_segment,
    customer_segment_actions,
    customer_segment_member,
    customer_segment_rule,
    customer_segment_size,
    loyalty_program,
    loyalty_reward,
    product_category,
    product_template,
    res_company,
    res_currency_rate,
    res_partner,
    res_partner_duplicates,
    res_partner_segments,
    retention_choices,
    retention_cohorts,
    retention_facts,
    retention_filters,
    retention_model,
    retention_records,
    retention_tiles,
    sale_order,
    sale_order_issues,
    sale_order_line,
    sale_order_segments,
)


