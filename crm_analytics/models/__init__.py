from . import (
    customer_metric,
    customer_metric_snapshot,
    customer_purchase,
    customer_purchase_contacts,
    customer_purchase_month,
    customer_purchase_queue,
    customer_purchase_source,
    res_company,
    res_partner,
    retention_dashboard,
    retention_model,
    sale_order,
)
