{
    "name": "Customer Analytics: Point of Sale",
    "summary": "What customers buy at the till counts, too",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_analytics", "point_of_sale"],
    "data": ["views/loyalty_occasion_views.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
