namespace Topup.Contracts;

/// <summary>Every code of a problem. A code never changes its meaning.</summary>
public static class ProblemCodes
{
    // The request itself.
    public const string BadRequest = "bad_request";
    public const string MalformedJson = "malformed_json";
    public const string UnknownField = "unknown_field";
    public const string DuplicateField = "duplicate_field";
    public const string MissingField = "missing_field";
    public const string InvalidField = "invalid_field";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string IdempotencyKeyRequired = "idempotency_key_required";
    public const string IdempotencyKeyInvalid = "idempotency_key_invalid";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string InternalError = "internal_error";
    public const string StorageUnavailable = "storage_unavailable";
    public const string StorageFull = "storage_full";
    public const string OutcomeUnknown = "outcome_unknown";

    // Who asks.
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";

    // Tenants and keys.
    public const string TenantUnknown = "tenant_unknown";
    public const string ApiKeyUnknown = "api_key_unknown";

    // The catalogue.
    public const string TypeUnknown = "type_unknown";
    public const string UsageTypeUnknown = "usage_type_unknown";
    public const string PlanUnknown = "plan_unknown";
    public const string PackUnknown = "pack_unknown";
    public const string CreditTypeLocked = "credit_type_locked";
    public const string PackLocked = "pack_locked";
    public const string InUse = "in_use";
    public const string CatalogFull = "catalog_full";
    public const string RateCardUnknown = "rate_card_unknown";
    public const string RateCardInEffect = "rate_card_in_effect";
    public const string RateCardDateTaken = "rate_card_date_taken";

    // The ledger.
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string TenantSuspended = "tenant_suspended";
    public const string TypeDisabled = "type_disabled";
    public const string PlanLapsed = "plan_lapsed";
    public const string HoldUnknown = "hold_unknown";
    public const string HoldClosed = "hold_closed";
    public const string HoldDisputed = "hold_disputed";
    public const string HoldNotPriced = "hold_not_priced";
    public const string LimitReached = "limit_reached";
    public const string LimitUnknown = "limit_unknown";
    public const string TooManyLimits = "too_many_limits";
    public const string GrantUnknown = "grant_unknown";
    public const string GrantClosed = "grant_closed";
    public const string EntryUnknown = "entry_unknown";
    public const string EntryNotReversible = "entry_not_reversible";
    public const string ReversalTooLarge = "reversal_too_large";
    public const string TooManyLots = "too_many_lots";
    public const string PoolFull = "pool_full";
    public const string InsufficientCredits = "insufficient_credits";
    public const string TooManyWaiting = "too_many_waiting";

    // Purchases.
    public const string PurchaseUnknown = "purchase_unknown";
    public const string PackNotForSale = "pack_not_for_sale";
    public const string MethodUnknown = "method_unknown";
    public const string NoBalance = "no_balance";
    public const string InsufficientBalance = "insufficient_balance";
    public const string MethodNotOffered = "method_not_offered";
    public const string PriceNotAccepted = "price_not_accepted";
    public const string ProviderUnavailable = "provider_unavailable";
    public const string ProviderRefused = "provider_refused";
    public const string PurchaseNotRefundable = "purchase_not_refundable";
    public const string PurchaseNotInReview = "purchase_not_in_review";
    public const string PurchaseChanged = "purchase_changed";
    public const string NotificationRefused = "notification_refused";
    public const string NoReceipt = "no_receipt";
    public const string ReconciliationUnknown = "reconciliation_unknown";
    public const string AutoTopUpUnknown = "auto_top_up_unknown";
    public const string CardUnknown = "card_unknown";
    public const string NoSavedCard = "no_saved_card";

    // Add-ons.
    public const string AddOnUnknown = "addon_unknown";
    public const string AddOnLocked = "addon_locked";
    public const string AddOnOn = "addon_on";
    public const string AddOnNotOn = "addon_not_on";
    public const string AddOnNotOffered = "addon_not_offered";

    // Webhooks.
    public const string WebhookEndpointUnknown = "webhook_endpoint_unknown";
    public const string WebhookEndpointDisabled = "webhook_endpoint_disabled";
    public const string WebhookDeliveryUnknown = "webhook_delivery_unknown";
    public const string TooManyWebhookEndpoints = "too_many_webhook_endpoints";

    // Messages.
    public const string MessageUnknown = "message_unknown";
    public const string MessageNotUnknown = "message_not_unknown";
    public const string ChannelUnknown = "channel_unknown";
    public const string NoMessageDriver = "no_message_driver";
    public const string MessageDriverUnknown = "message_driver_unknown";
    public const string TooManyMessageDrivers = "too_many_message_drivers";
    public const string MessageTemplateUnknown = "message_template_unknown";
    public const string VariablesWrong = "variables_wrong";
    public const string SuppressionUnknown = "suppression_unknown";
    public const string CallbackRefused = "callback_refused";

    // Workflows.
    public const string WorkflowUnknown = "workflow_unknown";
    public const string WorkflowRunUnknown = "workflow_run_unknown";
    public const string WorkflowRunNotFailed = "workflow_run_not_failed";
    public const string TooManyWorkflows = "too_many_workflows";

    // The staff and its sessions.
    public const string StaffUnknown = "staff_unknown";
    public const string StaffExists = "staff_exists";
    public const string StaffDisabled = "staff_disabled";
    public const string TooManyStaff = "too_many_staff";
    public const string LastOwner = "last_owner";
    public const string LinkGone = "link_gone";
    public const string ConfirmationRequired = "confirmation_required";
    public const string TooManyAttempts = "too_many_attempts";

    // Imports.
    public const string ImportInvalid = "import_invalid";
    public const string ImportUnknown = "import_unknown";
    public const string ImportOver = "import_over";
    public const string TooManyImports = "too_many_imports";

    // Settings.
    public const string SecretKeyMissing = "secret_key_missing";
    public const string SetByEnvironment = "set_by_environment";
}
