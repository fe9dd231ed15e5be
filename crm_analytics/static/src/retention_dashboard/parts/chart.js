import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

import { pageColors } from "../palette";

/**
 * A chart, and the table that says the same: for who reads with his ears, on paper, and for everybody who asks for it.
 * The table is the default slot.
 */
export class Chart extends Component {
    static template = "crm_analytics.RetentionChart";
    static props = {
        label: String,
        // What the picture is made from: it is drawn anew when this is another object.
        source: [Object, Array],
        // Function of the source and the page's colours: the configuration of Chart.js.
        configure: Function,
        slots: Object,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ ready: false, asTable: false });
        this.chart = null;
        onMounted(async () => {
            await loadBundle("web.chartjs_lib");
            this.state.ready = true;
        });
        useEffect(
            () => {
                this.draw();
                return () => this.erase();
            },
            () => [this.state.ready, this.state.asTable, this.props.source]
        );
        onWillUnmount(() => this.erase());
    }

    draw() {
        if (this.state.ready && !this.state.asTable && this.canvas.el) {
            const colors = pageColors(this.canvas.el);
            const config = this.props.configure(this.props.source, colors);
            config.options = {
                animation: false,
                maintainAspectRatio: false,
                ...config.options,
            };
            this.chart = new window.Chart(this.canvas.el, config);
        }
    }

    erase() {
        this.chart?.destroy();
        this.chart = null;
    }
}
