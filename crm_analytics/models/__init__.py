from . import (
    customer_purchase,
    customer_purchase_contacts,
    customer_purchase_month,
    customer_purchase_queue,
    customer_purchase_source,
    res_company,
    res_partner,
    retention_dashboard,
    sale_order,
)
