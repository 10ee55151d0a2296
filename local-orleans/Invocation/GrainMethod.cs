using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Local.Invocation;

/// <summary>A method of a grain interface, in the terms of the emitter.</summary>
internal sealed class GrainMethod
{
    private GrainMethod(MethodInfo method)
    {
        Method = method;
        Parameters = method.GetParameters();
        var type = method.ReturnType;
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        IsValueTask = definition == typeof(ValueTask) || definition == typeof(ValueTask<>);
        ResultType = type.IsGenericType ? type.GetGenericArguments()[0] : null;
        Flags = (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? RequestFlags.AlwaysInterleave : 0)
            | (method.IsDefined(typeof(ReadOnlyAttribute)) ? RequestFlags.ReadOnly : 0);
        TokenIndex = Array.FindIndex(Parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
    }

    public MethodInfo Method { get; }

    public ParameterInfo[] Parameters { get; }

    public bool IsValueTask { get; }

    /// <summary>Null when the method answers nothing.</summary>
    public Type? ResultType { get; }

    public RequestFlags Flags { get; }

    /// <summary>Position of the cancellation token among the parameters; -1 without one.</summary>
    public int TokenIndex { get; }

    public string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>The methods of the interface and of those it extends; throws for what a grain interface may not have.</summary>
    public static IReadOnlyList<GrainMethod> Of(Type grainInterface)
    {
        var methods = new List<GrainMethod>();
        foreach (var type in grainInterface.GetInterfaces().Prepend(grainInterface))
        {
            foreach (var method in type.GetMethods().Where(method => method.IsAbstract && !method.IsStatic))
            {
                Check(method);
                methods.Add(new GrainMethod(method));
            }
        }

        return methods;
    }

    private static void Check(MethodInfo method)
    {
        var returned = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericTypeDefinition() : method.ReturnType;
        var isTask = returned == typeof(Task) || returned == typeof(Task<>) || returned == typeof(ValueTask) || returned == typeof(ValueTask<>);
        if (!isTask)
        {
            throw Wrong(method, $"returns {method.ReturnType}; it must return Task, Task<T>, ValueTask or ValueTask<T>");
        }

        if (method.IsGenericMethodDefinition)
        {
            throw Wrong(method, "is generic, which the local host does not support");
        }

        if (method.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsByRef) is { } parameter)
        {
            throw Wrong(method, $"has the ref, in or out parameter '{parameter.Name}', which a call cannot carry");
        }
    }

    private static GrainConfigurationException Wrong(MethodInfo method, string what) =>
        new($"Grain interface method {method.DeclaringType}.{method.Name} {what}.");
}
