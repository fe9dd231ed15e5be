import { Component, markup, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const TYPING_PAUSE = 300;

/** Articles beside a ticket: those that fit its subject, or what the agent searches; to put into the answer. */
export class ArticleSuggestions extends Component {
    static template = "crm_service_desk.ArticleSuggestions";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ articles: [], search: "", loading: true });
        this.asked = 0;
        this.onInput = useDebounced(() => this.load(this.props), TYPING_PAUSE);
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((next) => {
            const key = this.keyOf(next);
            return key !== this.loadedKey && this.load(next);
        });
    }

    keyOf(props) {
        const { resId, data } = props.record;
        return JSON.stringify([resId, data.name, data.category_id && data.category_id.id]);
    }

    async load(props) {
        this.loadedKey = this.keyOf(props);
        if (!props.record.resId) {
            Object.assign(this.state, { articles: [], loading: false });
            return;
        }
        const asked = ++this.asked;
        const articles = await this.orm.call("service.ticket", "article_suggestions", [
            [props.record.resId],
            this.state.search.trim(),
        ]);
        // An answer that comes after the next question was asked is of no use.
        if (asked === this.asked) {
            this.state.articles = articles.map((article) => ({
                ...article,
                title: markup(article.title), // made by the server from escaped text
                excerpt: markup(article.excerpt),
            }));
            this.state.loading = false;
        }
    }

    get nothing() {
        return this.state.search
            ? _t("No article has these words. We remember what was searched in vain.")
            : _t("No article fits the subject. Search with other words.");
    }

    async answer(article, part) {
        await this.props.record.save();
        const action = await this.orm.call("service.ticket", "action_answer_with_article", [
            [this.props.record.resId],
            article.id,
            part,
        ]);
        this.action.doAction(action, { onClose: () => this.props.record.load() });
    }

    open(article) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "service.article",
            res_id: article.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("article_suggestions", {
    component: ArticleSuggestions,
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "category_id", type: "many2one", relation: "service.category" },
    ],
});
