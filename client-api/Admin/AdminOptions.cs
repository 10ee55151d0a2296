using System.ComponentModel.DataAnnotations;

namespace Reco.ClientApi.Admin;

/// <summary>Who may call /admin and /db-tuning, section "Admin".</summary>
public sealed class AdminOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Admin";

    /// <summary>What the header X-Admin-Key must say; null or empty: calls from this machine only. Secret.</summary>
    [StringLength(256)]
    public string? Key { get; set; }
}
