{
    "name": "Service Desk: Returns",
    "summary": "Goods that a customer sends back, from his ticket to the warehouse",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_service_desk", "sale_stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/service_return_rules.xml",
        "wizard/service_ticket_return_views.xml",
        "views/service_ticket_views.xml",
        "views/stock_picking_views.xml",
    ],
    "auto_install": True,
}
