using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Cluster;

/// <summary>Who keeps the list of the cluster's silos.</summary>
public enum ClusterMembership
{
    /// <summary>Nobody: this silo is the whole cluster.</summary>
    Localhost,

    /// <summary>Redis, at Redis:Endpoint.</summary>
    Redis,

    /// <summary>PostgreSQL, at ConnectionStrings:Postgres.</summary>
    Postgres,
}

/// <summary>Where the grains' state is kept.</summary>
public enum ClusterStorage
{
    /// <summary>In this silo's data folder; for a silo that is the whole cluster.</summary>
    Embedded,

    /// <summary>In the silos' memory; gone with them. For trials.</summary>
    Memory,

    /// <summary>Redis, at Redis:Endpoint.</summary>
    Redis,

    /// <summary>PostgreSQL, at ConnectionStrings:Postgres.</summary>
    Postgres,
}

/// <summary>How silos and gateways make one cluster (RecoHost=Orleans). Section "Cluster".</summary>
public sealed class ClusterOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cluster";

    /// <summary>Who keeps the list of silos. Unset: Redis when Redis:Endpoint and Kafka:BootstrapServers are both set, else nobody.</summary>
    public ClusterMembership? Membership { get; set; }

    /// <summary>Where grain state is kept. Unset: where the list of silos is; embedded when nobody keeps one.</summary>
    public ClusterStorage? Storage { get; set; }

    /// <summary>Silos and gateways of one name find each other.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,100}$")]
    public string ClusterId { get; set; } = "reco";

    /// <summary>Grain state is kept under this name; it outlives the cluster's.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9._-]{1,100}$")]
    public string ServiceId { get; set; } = "reco";

    /// <summary>The address that other silos and the gateways reach this silo at. Unset: the machine's first address that is not loopback.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Port for the other silos; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Port for the gateways; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>How often silos ask each other whether they are alive, and how long they wait for the answer.</summary>
    [Range(0.1, 60)]
    public double ProbeSeconds { get; set; } = 0.5;

    /// <summary>A silo that misses so many probes in a row is declared dead, with the vote of a second one where there are more than two.</summary>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 2;

    /// <summary>How long a call between silos may take.</summary>
    [Range(0.5, 300)]
    public double SiloCallSeconds { get; set; } = 15;

    /// <summary>How long one attempt of a gateway's call may take.</summary>
    [Range(0.1, 300)]
    public double GatewayCallSeconds { get; set; } = 2;

    /// <summary>How long a gateway waits for an answer before it sends a call that may be repeated a second time, beside the first.</summary>
    [Range(0.01, 300)]
    public double GatewayPatienceSeconds { get; set; } = 0.5;

    /// <summary>How long a gateway goes on trying a call that may be repeated, attempts and pauses together.</summary>
    [Range(0.1, 300)]
    public double GatewayDeadlineSeconds { get; set; } = 4;

    /// <summary>
    /// Calls that a gateway may repeat because they were lost, and as many that it may send beside one that takes long, for each hundred that it makes:
    /// a cluster in trouble is not given a multiple of its work.
    /// </summary>
    [Range(0, 100)]
    public int RepeatsPercent { get; set; } = 20;

    /// <summary>A grain without a call for so long leaves memory, its state written.</summary>
    [Range(1, 1_440)]
    public double IdleMinutes { get; set; } = 15;

    /// <summary>How long a stopping process may take to hand its partitions and grains over. Orchestrators must wait a little longer.</summary>
    [Range(1, 600)]
    public int ShutdownSeconds { get; set; } = 25;

    /// <summary>The Orleans dashboard at /orleans, behind the admin key.</summary>
    public bool Dashboard { get; set; } = true;
}
