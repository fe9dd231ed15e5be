import { registry } from "@web/core/registry";

const group = (club) => `.o_group_header:contains('${club}')`;

registry.category("web_tour.tours").add("crm_loyalty_tiers_by_club", {
    steps: () => [
        {
            content: "The tiers of one club",
            trigger: `${group("Kopi Braga Club")} + .o_data_row:contains('Gold')`,
        },
        {
            content: "Below them those of another",
            trigger: `${group("Teh Dago Club")} + .o_data_row:contains('Leaf')`,
        },
        {
            content: "All are in sight, club by club",
            trigger: ".o_list_view",
            run() {
                const names = [...document.querySelectorAll(".o_data_row td[name=name]")].map(
                    (cell) => cell.innerText
                );
                const told = names.join();
                if (!told.includes("Gold,Silver,Green") || !told.includes("Leaf,Bud")) {
                    throw new Error(`The list shows ${told}`);
                }
            },
        },
        {
            content: "What several tiers ask or give is not added up",
            trigger: ".o_group_header:not(:has(.o_list_number:contains('3.00')))",
        },
        { content: "Without the groups it is one list", trigger: ".o_facet_remove", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_group_header)) .o_data_row:contains('Leaf')" },
    ],
});
