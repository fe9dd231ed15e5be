{
    "name": "Membership Clubs",
    "summary": "Membership clubs, tiers, cards and points on Odoo loyalty",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["crm_contact_history", "sale_loyalty", "partnership"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/loyalty_club_groups.xml",
        "security/ir.model.access.csv",
        "security/loyalty_club_rules.xml",
        "data/ir_cron_data.xml",
        "wizard/loyalty_club_wizard_views.xml",
        "wizard/loyalty_enrol_wizard_views.xml",
        "wizard/loyalty_membership_wizard_views.xml",
        "views/res_partner_grade_views.xml",
        "views/loyalty_membership_views.xml",
        "views/loyalty_club_views.xml",
        "views/loyalty_program_views.xml",
        "views/res_partner_views.xml",
        "views/sale_order_views.xml",
        "views/portal_templates.xml",
        "views/loyalty_club_menus.xml",
    ],
    "demo": [
        "demo/loyalty_club_demo.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "crm_loyalty/static/src/portal/club_card.scss",
        ],
        "web.assets_tests": [
            "crm_loyalty/static/tests/tours/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
