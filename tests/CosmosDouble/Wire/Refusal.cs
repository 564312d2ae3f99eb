namespace PracticPro.CosmosDouble.Wire;

/// <summary>Why a request was not carried out.</summary>
/// <param name="SubStatus">Value of <c>x-ms-substatus</c>; 0 for none.</param>
/// <param name="Message">For a person: a sentence.</param>
internal sealed record Refusal(int Status, int SubStatus, string Message)
{
    /// <summary>The range is not there any more: it was split.</summary>
    public const int RangeIsGone = 1002;

    /// <summary>An item's own partition key is not the header's.</summary>
    public const int KeysDiffer = 1001;

    /// <summary>The container or the database is not there.</summary>
    public const int OwnerNotFound = 1003;

    /// <summary>More than the provisioned request units were asked for.</summary>
    public const int TooManyUnits = 3200;

    /// <summary>A token of the data plane asked for what only the control plane does.</summary>
    public const int NotByToken = 5300;

    public static Refusal BadRequest(string message) => new(400, 0, message);

    /// <summary>What the service may know and this double does not: never answered with a guess.</summary>
    /// <param name="what">Completes the sentence "The double does not know …".</param>
    public static Refusal Unknown(string what) => new(400, 0, $"The double does not know {what}.");

    public static Refusal Unauthorized(string message) => new(401, 0, message);

    public static Refusal Forbidden(string message, int subStatus = 0) => new(403, subStatus, message);

    public static Refusal NotFound { get; } = new(404, 0, "Entity with the specified id does not exist in the system.");

    public static Refusal NoOwner { get; } = new(404, OwnerNotFound, "Owner resource does not exist.");

    /// <summary>The client has seen a later state of the partition than there is: a write that was answered is lost.</summary>
    public static Refusal NoSuchSession { get; } =
        new(404, 1002, "The read session is not available for the input session token.");

    public static Refusal Conflict { get; } = new(409, 0, "Entity with the specified id already exists in the system.");

    public static Refusal Gone { get; } = new(410, RangeIsGone, "The requested partition key range is gone.");

    public static Refusal Changed { get; } = new(412, 0, "One of the specified pre-conditions is not met.");

    public static Refusal TooLarge(string message) => new(413, 0, message);

    /// <summary>Another operation of the same batch failed.</summary>
    public static Refusal Dependency { get; } = new(424, 0, "Another operation of the batch failed.");

    public string Code => Status switch
    {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        424 => "FailedDependency",
        429 => "TooManyRequests",
        449 => "RetryWith",
        500 => "InternalServerError",
        503 => "ServiceUnavailable",
        _ => "BadRequest",
    };
}
