from . import retention_dashboard

# isort: split

from . import (
    customer_metric,
    customer_metric_snapshot,
    customer_purchase,
    customer_purchase_contacts,
    customer_purchase_month,
    customer_purchase_month_retention,
    customer_purchase_queue,
    customer_purchase_source,
    res_company,
    res_partner,
    retention_choices,
    retention_clubs,
    retention_cohorts,
    retention_customers,
    retention_facts,
    retention_filters,
    retention_groups,
    retention_migration,
    retention_model,
    retention_records,
    retention_risk,
    retention_satisfaction,
    retention_summary,
    retention_tiles,
    retention_value,
    sale_order,
)
