namespace Reco.GrainInterfaces;

/// <summary>The method changes nothing, or the same however often it is called: a call whose answer was lost may be sent again.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
