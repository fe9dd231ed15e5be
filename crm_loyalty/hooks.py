def uninstall_hook(env):
    """Close the programs for members: without this addon nothing tells members from others, and core would give
    everybody their discounts."""
    programs = env["loyalty.program"].search(["|", ("tier_ids", "!=", False), ("club_ids", "!=", False)])
    programs.active = False
