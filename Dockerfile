# The official image with our addons and what their manifests ask for beyond it.
FROM odoo:19.0

USER root
# external_dependencies of the manifests; the versions are those that requirements/odoo.txt pins.
RUN pip3 install --break-system-packages --no-cache-dir phonenumbers==9.0.43 numpy==2.2.6 scipy==1.15.3
COPY --chown=odoo:odoo crm_contact_history /mnt/extra-addons/crm_contact_history
COPY --chown=odoo:odoo crm_loyalty /mnt/extra-addons/crm_loyalty
COPY --chown=odoo:odoo crm_service_desk /mnt/extra-addons/crm_service_desk
COPY --chown=odoo:odoo crm_analytics /mnt/extra-addons/crm_analytics
COPY odoo.conf /etc/odoo/odoo.conf
USER odoo
