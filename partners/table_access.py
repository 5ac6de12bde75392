"""What the roles of the database may do with partners, their credentials and their trail."""

from hipcare.database.privileges import ADD, READ, WRITE, TableAccess

TABLE_ACCESS = {
    "Organisation": TableAccess(application=READ, authenticator=READ, owned_by="id"),
    "Client": TableAccess(application=READ, authenticator=READ, owned_by="organisation_id"),
    "AccessToken": TableAccess(authenticator="SELECT, UPDATE"),
    "SigningKey": TableAccess(authenticator=WRITE),
    "UsedAssertion": TableAccess(authenticator="SELECT, INSERT, DELETE"),
    # Written by triggers that run as their owner.
    "CallerVersion": TableAccess(application=READ, authenticator=READ, staff=READ),
    "DataKey": TableAccess(application=READ, owned_by="organisation_id"),
    "IdempotencyKey": TableAccess(application=WRITE, owned_by="organisation_id"),
    "WebhookEndpoint": TableAccess(application=WRITE, owned_by="organisation_id"),
    # What waits is counted for whoever asks for the metrics.
    "WebhookDelivery": TableAccess(
        application=WRITE, authenticator="SELECT (id, state, due_at)", owned_by="organisation_id"
    ),
    # Written by the worker.
    "WebhookAttempt": TableAccess(application="SELECT, DELETE", owned_by="organisation_id"),
    # Kept by a trigger that runs as its owner.
    "AuditChain": TableAccess(staff=READ, owned_by="organisation_id"),
    "AuditEvent": TableAccess(application=ADD, authenticator="INSERT", staff=ADD, owned_by="organisation_id"),
}
