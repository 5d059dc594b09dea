--- The list of a campaign and the list of a client account, in their order.
CREATE INDEX jtel_contact_campaign ON jtel_contact (campaign_id, name);
CREATE INDEX jtel_contact_client ON jtel_contact (client_id, name);
CREATE INDEX jtel_contact_user_data ON jtel_contact (client_id, user_data)
    WHERE user_data IS NOT NULL;
--- What the dialler works through.
CREATE INDEX jtel_contact_due ON jtel_contact (campaign_id, due_ms, random_sort_order)
    WHERE due_ms IS NOT NULL;
