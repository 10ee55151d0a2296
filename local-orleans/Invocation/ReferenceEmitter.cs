using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Local.Invocation;

/// <summary>
/// Emits a reference class for a grain interface, and for each method a call class that holds the arguments in typed fields: no
/// argument array, no boxing, no delegate. As C#, a method of a reference is <c>=> Send(new Call_0(flags) { a0 = ..., a1 = ... })</c>.
/// </summary>
internal static class ReferenceEmitter
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<Type, Lazy<Func<GrainClass, string, GrainReference>>> Factories = new();

    private static readonly ConstructorInfo ReferenceConstructor =
        typeof(GrainReference).GetConstructor(Instance, [typeof(GrainClass), typeof(string)])!;

    private static readonly MethodInfo[] Sends =
        [.. typeof(GrainReference).GetMethods(Instance).Where(method => method.Name == nameof(GrainReference.Send))];

    /// <summary>Makes references of the interface. Emitted once in a process.</summary>
    public static Func<GrainClass, string, GrainReference> FactoryFor(Type grainInterface) =>
        Factories.GetOrAdd(grainInterface, static type => new(() => Emit(type))).Value;

    private static Func<GrainClass, string, GrainReference> Emit(Type grainInterface)
    {
        var methods = GrainMethod.Of(grainInterface);
        var name = $"Orleans.Local.Emitted.{grainInterface.FullName}";
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        foreach (var open in AssembliesOf(grainInterface, methods))
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!, [open]));
        }

        var module = assembly.DefineDynamicModule(name);
        var reference = module.DefineType($"{grainInterface.Name}Reference", TypeAttributes.Sealed, typeof(GrainReference), [grainInterface]);
        var constructor = EmitConstructor(reference, ReferenceConstructor);
        for (var i = 0; i < methods.Count; i++)
        {
            EmitMethod(reference, methods[i], EmitCall(module, methods[i], i));
        }

        var factory = reference.DefineMethod(
            "New", MethodAttributes.Static | MethodAttributes.Public, typeof(GrainReference), [typeof(GrainClass), typeof(string)]);
        var il = factory.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return reference.CreateType().GetMethod("New")!.CreateDelegate<Func<GrainClass, string, GrainReference>>();
    }

    private static ConstructorBuilder EmitConstructor(TypeBuilder type, ConstructorInfo parent)
    {
        var parameters = parent.GetParameters();
        var constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, [.. parameters.Select(p => p.ParameterType)]);
        var il = constructor.GetILGenerator();
        for (var i = 0; i <= parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i);
        }

        il.Emit(OpCodes.Call, parent);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    private static EmittedCall EmitCall(ModuleBuilder module, GrainMethod method, int number)
    {
        var parent = method.ResultType is null ? typeof(VoidGrainCall) : typeof(GrainCall<>).MakeGenericType(method.ResultType);
        var type = module.DefineType($"Call_{number}_{method.Method.Name}", TypeAttributes.Sealed, parent);
        var constructor = EmitConstructor(type, parent.GetConstructor(Instance, [typeof(RequestFlags)])!);
        var fields = method.Parameters.Select((p, i) => type.DefineField($"a{i}", p.ParameterType, FieldAttributes.Public)).ToArray();

        var invoke = Override(type, typeof(TurnRequest).GetMethod(nameof(TurnRequest.Invoke))!);
        invoke.Emit(OpCodes.Ldarg_1);
        invoke.Emit(OpCodes.Castclass, method.Method.DeclaringType!);
        foreach (var field in fields)
        {
            invoke.Emit(OpCodes.Ldarg_0);
            invoke.Emit(OpCodes.Ldfld, field);
        }

        invoke.Emit(OpCodes.Callvirt, method.Method);
        if (method.IsValueTask)
        {
            var task = invoke.DeclareLocal(method.Method.ReturnType);
            invoke.Emit(OpCodes.Stloc, task);
            invoke.Emit(OpCodes.Ldloca, task);
            invoke.Emit(OpCodes.Call, method.Method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }

        invoke.Emit(OpCodes.Ret);

        var name = Override(type, typeof(GrainCall).GetProperty(nameof(GrainCall.Method))!.GetMethod!);
        name.Emit(OpCodes.Ldstr, method.Name);
        name.Emit(OpCodes.Ret);

        if (method.TokenIndex >= 0)
        {
            var token = Override(type, typeof(GrainCall).GetProperty(nameof(GrainCall.Token))!.GetMethod!);
            token.Emit(OpCodes.Ldarg_0);
            token.Emit(OpCodes.Ldfld, fields[method.TokenIndex]);
            token.Emit(OpCodes.Ret);
        }

        type.CreateType();
        return new EmittedCall(constructor, fields);
    }

    private static void EmitMethod(TypeBuilder reference, GrainMethod method, EmittedCall call)
    {
        var il = Override(reference, method.Method);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, (int)method.Flags);
        il.Emit(OpCodes.Newobj, call.Constructor);
        for (var i = 0; i < call.Fields.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            il.Emit(OpCodes.Stfld, call.Fields[i]);
        }

        var send = method.ResultType is null
            ? Sends.Single(candidate => !candidate.IsGenericMethodDefinition)
            : Sends.Single(candidate => candidate.IsGenericMethodDefinition).MakeGenericMethod(method.ResultType);
        il.Emit(OpCodes.Call, send);
        if (method.IsValueTask)
        {
            il.Emit(OpCodes.Newobj, method.Method.ReturnType.GetConstructor([send.ReturnType])!);
        }

        il.Emit(OpCodes.Ret);
    }

    private static ILGenerator Override(TypeBuilder type, MethodInfo method)
    {
        // Explicit implementations: two interfaces may have methods of the same shape.
        var name = method.DeclaringType!.IsInterface ? $"{method.DeclaringType.FullName}.{method.Name}" : method.Name;
        var builder = type.DefineMethod(
            name,
            MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final
                | (method.DeclaringType.IsInterface ? MethodAttributes.NewSlot : MethodAttributes.ReuseSlot),
            method.ReturnType,
            [.. method.GetParameters().Select(parameter => parameter.ParameterType)]);
        type.DefineMethodOverride(builder, method);
        return builder.GetILGenerator();
    }

    private static IEnumerable<string> AssembliesOf(Type grainInterface, IEnumerable<GrainMethod> methods)
    {
        var types = new HashSet<Type> { typeof(GrainReference), grainInterface };
        foreach (var method in methods)
        {
            Collect(types, method.Method.DeclaringType!);
            Collect(types, method.Method.ReturnType);
            foreach (var parameter in method.Parameters)
            {
                Collect(types, parameter.ParameterType);
            }
        }

        return types.Select(type => type.Assembly.GetName().Name!).Distinct(StringComparer.Ordinal);
    }

    private static void Collect(HashSet<Type> types, Type type)
    {
        types.Add(type);
        foreach (var part in type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments())
        {
            Collect(types, part);
        }
    }

    private sealed record EmittedCall(ConstructorInfo Constructor, FieldInfo[] Fields);
}
