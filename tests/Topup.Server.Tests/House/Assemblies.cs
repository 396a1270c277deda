using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Topup.Server.Tests.House;

/// <summary>What built code names: in bodies, signatures, fields, base types, attributes and typeof; nested and generated types too.</summary>
internal static class Assemblies
{
    public static AssemblyDefinition Read(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    public static IEnumerable<TypeDefinition> Types(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.SelectMany(WithNested);

    /// <summary>The namespace of a type; of a nested one, that of the type it stands in.</summary>
    public static string NamespaceOf(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type.Namespace;
    }

    /// <summary>Every type that a type names, with the member that names it.</summary>
    public static IEnumerable<(string Member, TypeReference Named)> Names(TypeDefinition type)
    {
        foreach (var named in OfDeclaration(type)) yield return (type.FullName, named);
        foreach (var field in type.Fields)
            foreach (var named in Of(field.FieldType).Concat(OfAttributes(field))) yield return (field.FullName, named);
        foreach (var property in type.Properties)
            foreach (var named in Of(property.PropertyType).Concat(OfAttributes(property))) yield return (property.FullName, named);
        foreach (var method in type.Methods)
            foreach (var named in OfMethod(method)) yield return (method.FullName, named);
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<TypeReference> OfDeclaration(TypeDefinition type) =>
    [
        .. Of(type.BaseType),
        .. type.Interfaces.SelectMany(implemented => Of(implemented.InterfaceType)),
        .. OfConstraints(type),
        .. OfAttributes(type),
    ];

    private static IEnumerable<TypeReference> OfMethod(MethodDefinition method)
    {
        foreach (var named in OfSignature(method).Concat(OfConstraints(method)).Concat(OfAttributes(method))) yield return named;
        foreach (var named in method.Parameters.SelectMany(OfAttributes)) yield return named;
        foreach (var named in method.MethodReturnType.CustomAttributes.SelectMany(OfAttribute)) yield return named;
        if (!method.HasBody) yield break;
        foreach (var named in method.Body.Variables.SelectMany(local => Of(local.VariableType))) yield return named;
        foreach (var named in method.Body.ExceptionHandlers.SelectMany(handler => Of(handler.CatchType))) yield return named;
        foreach (var named in method.Body.Instructions.SelectMany(OfInstruction)) yield return named;
    }

    private static IEnumerable<TypeReference> OfInstruction(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => Of(type),
        FieldReference field => [.. Of(field.DeclaringType), .. Of(field.FieldType)],
        GenericInstanceMethod generic => [.. Of(generic.DeclaringType), .. OfSignature(generic), .. generic.GenericArguments.SelectMany(Of)],
        MethodReference method => [.. Of(method.DeclaringType), .. OfSignature(method)],
        CallSite call => OfSignature(call),
        _ => [],
    };

    private static IEnumerable<TypeReference> OfSignature(IMethodSignature method) =>
        Of(method.ReturnType).Concat(method.Parameters.SelectMany(parameter => Of(parameter.ParameterType)));

    private static IEnumerable<TypeReference> OfConstraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(parameter => parameter.Constraints).SelectMany(constraint => Of(constraint.ConstraintType));

    private static IEnumerable<TypeReference> OfAttributes(ICustomAttributeProvider attributed) =>
        attributed.CustomAttributes.SelectMany(OfAttribute);

    private static IEnumerable<TypeReference> OfAttribute(CustomAttribute attribute) =>
    [
        .. Of(attribute.AttributeType),
        .. attribute.ConstructorArguments.SelectMany(OfArgument),
        .. attribute.Properties.Concat(attribute.Fields).SelectMany(named => OfArgument(named.Argument)),
    ];

    private static IEnumerable<TypeReference> OfArgument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => Of(type),
        CustomAttributeArgument inner => OfArgument(inner),
        CustomAttributeArgument[] many => many.SelectMany(OfArgument),
        _ => Of(argument.Type),
    };

    /// <summary>The type and all it is made of: elements of arrays and references, arguments of generics, outer types.</summary>
    private static IEnumerable<TypeReference> Of(TypeReference? type)
    {
        if (type is null or GenericParameter) yield break;
        yield return type;
        if (type is IModifierType modified)
            foreach (var inner in Of(modified.ModifierType)) yield return inner;
        if (type is GenericInstanceType generic)
            foreach (var argument in generic.GenericArguments.SelectMany(Of)) yield return argument;
        if (type is FunctionPointerType pointer)
            foreach (var inner in OfSignature(pointer)) yield return inner;
        if (type is TypeSpecification { ElementType: { } element })
            foreach (var inner in Of(element)) yield return inner;
    }
}
