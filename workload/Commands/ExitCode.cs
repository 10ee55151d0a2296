namespace Reco.Workload.Commands;

/// <summary>What the process answers to its caller; also said in every command's help.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Also what the command line parser answers.</summary>
    public const int WrongArguments = 1;

    public const int FileRefused = 2;

    public const int ServerUnavailable = 3;

    public const int ServerRefused = 4;

    /// <summary>128 + SIGINT, as shells expect.</summary>
    public const int Interrupted = 130;

    public const string Help =
        "Exit codes: 0 done, 1 wrong arguments, 2 a file cannot be read or written, 3 the server was away for too long, "
        + "4 the server refused, 130 interrupted.";
}
