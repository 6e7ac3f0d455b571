<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="1">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="1">
          <item value="0" color="#b5d1ea" alpha="150" label="0 % of the scenarios (never)"/>
          <item value="0.25" color="#fed976" alpha="255" label="up to 25 % of the scenarios"/>
          <item value="0.5" color="#fd8d3c" alpha="255" label="25 to 50 %"/>
          <item value="0.75" color="#e31a1c" alpha="255" label="50 to 75 %"/>
          <item value="0.99999994" color="#b10026" alpha="255" label="75 to 100 %"/>
          <item value="inf" color="#67001f" alpha="255" label="100 % of the scenarios (always)"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
